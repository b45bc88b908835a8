#include "tests/support/shim/apple/directed.h"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc's sigaction under its second name. ThreadSanitizer puts itself before the first, and has a handler wait for
// the next call that it knows: for ever, in a thread that spins.
extern "C" int __sigaction(int, const struct sigaction*, struct sigaction*) noexcept;

namespace weir::shim::apple {
namespace {

// Not the first real-time signals: libraries take those.
int the_signal() noexcept { return SIGRTMIN + 7; }

// The number of the fence that was asked for last, as its thread's handler has acknowledged it.
std::uint32_t acknowledged = 0;

__attribute__((no_sanitize_thread)) void on_signal(int, siginfo_t* info, void*) {
  // The fence that is asked for; builtins, so that no instrumented function is called from here.
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  // [directed-done] Release: the fence comes before. Pairs with [directed-wait].
  __atomic_store_n(&acknowledged, static_cast<std::uint32_t>(info->si_value.sival_int), __ATOMIC_RELEASE);
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

}  // namespace

directed fence_on(int tid) noexcept {
  static const bool installed = install();
  static std::uint32_t last = 0;
  if (!installed) return directed::no_memory;
  const std::uint32_t number = ++last;
  // What the caller did before is seen by whoever comes after the handler's fence.
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  const int error = send(tid, number);
  if (error != 0) return error == EAGAIN ? directed::no_memory : directed::gone;
  // [directed-wait] Acquire. Pairs with [directed-done].
  while (__atomic_load_n(&acknowledged, __ATOMIC_ACQUIRE) != number) {
    if (::syscall(SYS_tgkill, ::getpid(), tid, 0) != 0) return directed::gone;
    ::sched_yield();
  }
  return directed::done;
}

}  // namespace weir::shim::apple
