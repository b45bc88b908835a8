#include "tests/support/shim/apple/directed.h"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <linux/membarrier.h>
#include <sched.h>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

// glibc's sigaction under its second name. ThreadSanitizer puts itself before the first, and has a handler wait for
// the next call that it knows: for ever, in a thread that spins.
extern "C" int __sigaction(int, const struct sigaction*, struct sigaction*) noexcept;  // NOLINT: glibc's name

namespace weir::shim::apple {
namespace {

// Not the first real-time signals: libraries take those.
int the_signal() noexcept { return SIGRTMIN + 7; }

// By the numbers of the fences that were asked for, the one that was acknowledged last. More than one word, because a
// thread that blocked the signal may acknowledge much later, when nobody waits for it any more.
constexpr std::uint32_t words = 4096;
std::uint32_t acknowledged[words];

__attribute__((no_sanitize_thread)) void on_signal(int, siginfo_t* info, void*) {
  // The fence that is asked for; builtins, so that no instrumented function is called from here.
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  const auto number = static_cast<std::uint32_t>(info->si_value.sival_int);
  // [directed-done] Release: the fence comes before. Pairs with [directed-wait].
  __atomic_store_n(&acknowledged[number % words], number, __ATOMIC_RELEASE);
}

bool install() noexcept {
  struct sigaction ours = {};
  ours.sa_sigaction = &on_signal;
  ours.sa_flags = SA_SIGINFO | SA_RESTART;
  return ::__sigaction(the_signal(), &ours, nullptr) == 0;
}

// rt_tgsigqueueinfo(2) with a value.
int send(int tid, std::uint32_t number) noexcept {
  siginfo_t info = {};
  info.si_signo = the_signal();
  info.si_code = SI_QUEUE;
  info.si_pid = ::getpid();
  info.si_uid = ::getuid();
  info.si_value.sival_int = static_cast<int>(number);
  return ::syscall(SYS_rt_tgsigqueueinfo, ::getpid(), tid, the_signal(), &info) == 0 ? 0 : errno;
}

// Whether the thread blocks the signal now. A sanitizer's own thread does all the time, and one of libc's for a moment.
bool blocks(int tid) {
  std::ifstream status("/proc/self/task/" + std::to_string(tid) + "/status");
  std::string word;
  while (status >> word) {
    if (word != "SigBlk:") continue;
    std::uint64_t mask = 0;
    status >> std::hex >> mask;
    return (mask >> (the_signal() - 1) & 1) != 0;
  }
  return false;
}

// The same for every thread at once, by the kernel.
bool fence_on_all() noexcept {
  static const bool registered = ::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
  return registered && ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0;
}

}  // namespace

directed fence_on(int tid) {
  static const bool installed = install();
  static std::uint32_t last = 0;
  if (!installed) return directed::no_memory;
  const std::uint32_t number = ++last;
  // What the caller did before is seen by whoever comes after the handler's fence.
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  const int error = send(tid, number);
  if (error != 0) return error == EAGAIN ? directed::no_memory : directed::gone;
  const std::uint32_t* const answer = &acknowledged[number % words];
  // [directed-wait] Acquire. Pairs with [directed-done].
  for (unsigned round = 1; __atomic_load_n(answer, __ATOMIC_ACQUIRE) != number; ++round) {
    if (::syscall(SYS_tgkill, ::getpid(), tid, 0) != 0) return directed::gone;
    if (round % 64 == 0 && blocks(tid) && fence_on_all()) return directed::done;
    ::sched_yield();
  }
  return directed::done;
}

}  // namespace weir::shim::apple
