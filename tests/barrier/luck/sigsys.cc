// A program with wishes of its own about SIGSYS, started under a filter that traps membarrier(2) and getpriority(2).
// argv[1]: what it does with SIGSYS. While Weir's guard is up, the first must not disturb it, the second must reach it.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

#include "tests/barrier/luck/probe.h"
#include "weir/barrier/membarrier_linux.h"
#include "weir/barrier/shared.h"

namespace {

namespace barrier = weir::barrier;
using probe::print;

std::atomic<unsigned long> handled{0};
std::atomic<bool> on_own_stack{false};
std::atomic<bool> usr1_held_back{false};
char own_stack[64 * 1024];

void handler() noexcept {
  const char here = 0;
  // Relaxed: read by the thread that got the signal, or after its end.
  on_own_stack.store(&here >= own_stack && &here < own_stack + sizeof own_stack, std::memory_order_relaxed);
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  usr1_held_back.store(::sigismember(&mask, SIGUSR1) == 1, std::memory_order_relaxed);
  handled.fetch_add(1, std::memory_order_relaxed);
}
void plain(int) { handler(); }
void with_info(int, siginfo_t* info, void*) {
  if (info->si_code != 1 || info->si_syscall == SYS_getpriority) handler();
}

void call_trapped() { static_cast<void>(::syscall(SYS_getpriority, 0, 0)); }

struct sigaction wish(std::string_view what) {
  struct sigaction a = {};
  a.sa_handler = SIG_DFL;
  if (what == "plain") a.sa_handler = &plain;
  if (what == "ignored") a.sa_handler = SIG_IGN;
  if (what == "info" || what == "blocked" || what == "stack") {
    a.sa_sigaction = &with_info;
    a.sa_flags = SA_SIGINFO;
  }
  if (what == "stack") {
    a.sa_flags |= SA_ONSTACK;
    ::sigaddset(&a.sa_mask, SIGUSR1);
  }
  return a;
}

bool same(const struct sigaction& a, const struct sigaction& b) {
  const bool handlers =
      (a.sa_flags & SA_SIGINFO) != 0 ? a.sa_sigaction == b.sa_sigaction : a.sa_handler == b.sa_handler;
  return handlers && a.sa_flags == b.sa_flags &&
         ::sigismember(&a.sa_mask, SIGUSR1) == ::sigismember(&b.sa_mask, SIGUSR1);
}

// Whether everything about SIGSYS is as the program has set it.
bool intact(const struct sigaction& set, bool blocked) {
  struct sigaction now = {};
  sigset_t mask;
  ::sigaction(SIGSYS, nullptr, &now);
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return same(now, set) && (::sigismember(&mask, SIGSYS) == 1) == blocked;
}

void join_shared() {
  barrier::shared::header header;
  barrier::shared::member m;
  const std::error_code e = m.join(header);
  m.light();
  m.heavy();
  print("join", e.message().c_str());
  print("mode", m.how() == barrier::shared::mode::expedited ? "expedited" : "fence");
}

void look_during_guard(std::string_view what) {
  const barrier::detail::sigsys_guard guard;
  print("query", barrier::detail::private_expedited<barrier::detail::linux_calls>::query() == -ENOSYS
                     ? "ENOSYS"
                     : "something else");
  if (what == "ignored") {
    ::kill(::getpid(), SIGSYS);  // sent, not raised by a call: this is what can be ignored
    print("survived", "sent");
  }
  call_trapped();
  print("handled-here", handled.load(std::memory_order_relaxed));
  std::thread(&call_trapped).join();  // its signals are those of this thread, where the guard has unblocked SIGSYS
  print("handled-elsewhere", handled.load(std::memory_order_relaxed));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  stack_t stack{};
  stack.ss_sp = own_stack;
  stack.ss_size = sizeof own_stack;
  if (what == "stack") ::sigaltstack(&stack, nullptr);
  struct sigaction set = wish(what);
  ::sigaction(SIGSYS, &set, nullptr);
  ::sigaction(SIGSYS, nullptr, &set);  // with the flags that libc adds
  const bool blocked = what == "blocked";
  sigset_t sigsys;
  ::sigemptyset(&sigsys);
  ::sigaddset(&sigsys, SIGSYS);
  if (blocked) ::pthread_sigmask(SIG_BLOCK, &sigsys, nullptr);

  join_shared();
  print("after-join", intact(set, blocked) ? "intact" : "changed");
  if (what == "stack") {
    // Another thread has no stack of its own: only here.
    const barrier::detail::sigsys_guard guard;
    call_trapped();
    print("handled-here", handled.load(std::memory_order_relaxed));
    print("stack", on_own_stack.load(std::memory_order_relaxed) ? "own" : "another");
    print("mask", usr1_held_back.load(std::memory_order_relaxed) ? "own" : "another");
    return 0;
  }
  look_during_guard(what);
  print("after-guard", intact(set, blocked) ? "intact" : "changed");
  return 0;
}
