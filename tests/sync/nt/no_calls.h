// How many system calls an operation makes, as the kernel counts them: a filter lets nothing through, but what ends the
// process and what returns from the handler that counts. Linux.
#pragma once

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <functional>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/seccomp.h"

namespace weir::test {

namespace detail {

inline volatile std::sig_atomic_t calls = 0;
inline volatile std::sig_atomic_t first_call = 0;

inline void count_call(int, siginfo_t* what, void*) {
  if (calls == 0) first_call = what->si_syscall;
  calls = calls + 1;
}

[[nodiscard]] inline bool count_from_now_on() {
  struct sigaction how {};
  how.sa_sigaction = &count_call;
  how.sa_flags = SA_SIGINFO;
  seccomp::filter all;
  all.on(SYS_exit_group, seccomp::answer::allow).on(SYS_rt_sigreturn, seccomp::answer::allow);
  all.on(SYS_write, {.number = 0, .value = STDOUT_FILENO}, seccomp::answer::allow);
  all.otherwise(seccomp::answer::trap);
  return ::sigaction(SIGSYS, &how, nullptr) == 0 && all.install() == 0;
}

// The sentence goes out by one call of its own.
[[nodiscard]] inline int tell() {
  std::array<char, 80> text;
  const int counted = calls;
  const int n = std::snprintf(text.data(), text.size(), "%d calls, the first one is number %d", counted,
                              static_cast<int>(first_call));
  const bool told = counted == 0 || ::write(STDOUT_FILENO, text.data(), static_cast<std::size_t>(n)) == n;
  return told ? std::min(counted, 99) : 102;
}

}  // namespace detail

// Does it once, as a thread that has not done it before, and then a thousand times, in a process of its own, since a
// filter stays. "exit 0": it has done what it should each time, without a call. "exit 100": it has not done it.
[[nodiscard]] inline std::string calls_of(const std::function<bool()>& operation) {
  return forked([&] {
           if (!operation()) return 100;
           if (!detail::count_from_now_on()) return 101;
           for (int i = 0; i < 1000; ++i) {
             if (!operation()) return 100;
           }
           return detail::tell();
         })
      .summary();
}

[[nodiscard]] inline bool filters_work() {
  if (seccomp::works()) return true;
  WARN("there are no filters of system calls here");
  return false;
}

}  // namespace weir::test
