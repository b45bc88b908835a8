// FreeBSD's membarrier(2) over Linux's. As there, a registration belongs to the process that made it, and who calls
// must be registered, for either kind of barrier.
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/shim/freebsd/control.h"

namespace weir::shim::freebsd {
namespace {

std::atomic<unsigned> the_misuse{0};
std::atomic<int> registered{0};  // the commands to register with that were made, as bits

void forget_registrations() { registered.store(0, std::memory_order_relaxed); }

// The command that a command must be registered with; 0: none.
int registration_for(int command) noexcept { return command == 1 << 1 || command == 1 << 3 ? command << 1 : 0; }

}  // namespace

refusals& membarrier(int command) {
  static refusals* const all = [] {
    ::pthread_atfork(nullptr, nullptr, &forget_registrations);
    auto* const some = new refusals[32];
    const char* const text = std::getenv("WEIR_SHIM_MEMBARRIER");
    for (int i = 0; text != nullptr && i < 32; ++i) some[i].plan(std::atoi(text), refusals::for_ever);
    return some;
  }();
  return all[command & 31];
}

unsigned misuse() noexcept { return the_misuse.load(std::memory_order_relaxed); }

}  // namespace weir::shim::freebsd

extern "C" int membarrier(int command, unsigned flags, int cpu) {
  namespace shim = weir::shim::freebsd;
  if (flags != 0 || cpu != 0) shim::the_misuse.fetch_add(1, std::memory_order_relaxed);
  if (const int error = shim::membarrier(command).next(); error != 0) {
    errno = error;
    return -1;
  }
  const int needed = shim::registration_for(command);
  // Relaxed: a thread that finds the bit missing registers once more.
  if (needed != 0 && (shim::registered.load(std::memory_order_relaxed) & needed) == 0) {
    errno = EPERM;
    return -1;
  }
  const int r = static_cast<int>(::syscall(SYS_membarrier, command, flags, cpu));
  if (r == 0 && (command & (1 << 2 | 1 << 4)) != 0) shim::registered.fetch_or(command, std::memory_order_relaxed);
  return r;
}
