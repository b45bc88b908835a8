// POSIX threads.
#include <algorithm>
#include <climits>
#include <csignal>
#include <new>
#include <pthread.h>
#include <unistd.h>

#include "weir/sync/nt/start_thread.h"

namespace weir::nt::detail {
namespace {

struct start_of_thread {
  void (*run)(void*) noexcept;
  void* argument;
};

extern "C" void* weir_nt_thread(void* p) {
  auto* const given = static_cast<start_of_thread*>(p);
  const start_of_thread start = *given;
  delete given;
  start.run(start.argument);
  return nullptr;
}

// At least what the system wants, in whole pages.
std::size_t rounded(std::size_t stack) noexcept {
  const long page = ::sysconf(_SC_PAGESIZE);
  const long least = ::sysconf(_SC_THREAD_STACK_MIN);
  const std::size_t unit = page > 0 ? static_cast<std::size_t>(page) : 4096;
  const std::size_t wanted = std::max<std::size_t>(stack, least > 0 ? static_cast<std::size_t>(least) : 16384);
  return (wanted + unit - 1) / unit * unit;
}

bool create(start_of_thread* given, std::size_t stack) noexcept {
  pthread_attr_t how;
  if (::pthread_attr_init(&how) != 0) return false;
  ::pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
  pthread_t made{};
  const bool started = (stack == 0 || ::pthread_attr_setstacksize(&how, rounded(stack)) == 0) &&
                       ::pthread_create(&made, &how, &weir_nt_thread, given) == 0;
  ::pthread_attr_destroy(&how);
  return started;
}

}  // namespace

bool start_thread(void (*run)(void*) noexcept, void* argument, std::size_t stack, signals s) noexcept {
  auto* const given = new (std::nothrow) start_of_thread{run, argument};
  if (given == nullptr) return false;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  if (s == signals::blocked) ::pthread_sigmask(SIG_SETMASK, &all, &before);  // inherited by the thread
  const bool started = create(given, stack);
  if (s == signals::blocked) ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (!started) delete given;
  return started;
}

std::uint32_t own_process_id() noexcept { return static_cast<std::uint32_t>(::getpid()); }

}  // namespace weir::nt::detail
