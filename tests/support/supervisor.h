// A supervisor of some threads' system calls, who holds one of them inside the kernel for as long as a schedule wants.
//
// Linux 5.9 (a supervisor can let calls through, and learns when nobody is left). The filter is that of one thread and
// its offspring, and goes with them.
#pragma once

#include <chrono>
#include <functional>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

#include "tests/support/seccomp.h"
#include "tests/support/threads.h"

namespace weir::test {

// For the calling thread and the threads it will start: whoever holds the descriptor decides on each of these calls.
// Negative: -errno.
inline int ask_supervisor(int call) { return seccomp::filter().on(call, seccomp::answer::ask).install_to_listen(); }

// Answers the calls of the filtered threads.
class supervisor {
 public:
  // `fd`: of ask_supervisor(call), owned from now on. `at_end`: lets all filtered threads go on that wait for
  // something else.
  supervisor(int fd, int call, std::function<void()> at_end) : fd_(fd), call_(call), at_end_(std::move(at_end)) {}
  ~supervisor() {
    // Should a REQUIRE have thrown: a call that nobody answers any more would fail, and end the process instead.
    at_end_();
    if (held_.id != 0) static_cast<void>(let_go());
    while (hold()) static_cast<void>(let_go());
    ::close(fd_);
  }
  supervisor(const supervisor&) = delete;
  supervisor& operator=(const supervisor&) = delete;

  // Waits for a call and holds it. False: none came within the deadline, or the filtered threads are gone.
  [[nodiscard]] bool hold() {
    pollfd p{fd_, POLLIN, 0};
    const auto milliseconds = std::chrono::milliseconds(deadline()).count();
    if (::poll(&p, 1, static_cast<int>(milliseconds)) != 1 || (p.revents & POLLIN) == 0) return false;
    held_ = {};
    if (::ioctl(fd_, SECCOMP_IOCTL_NOTIF_RECV, &held_) != 0) return false;
    ++calls_;
    return held_.data.nr == call_;
  }

  // Lets the held call into the kernel.
  [[nodiscard]] bool let_go() const {
    seccomp_notif_resp answer{};
    answer.id = held_.id;
    answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    return ::ioctl(fd_, SECCOMP_IOCTL_NOTIF_SEND, &answer) == 0;
  }

  [[nodiscard]] int calls() const { return calls_; }

 private:
  int fd_;
  int call_;
  std::function<void()> at_end_;
  seccomp_notif held_{};
  int calls_ = 0;
};

}  // namespace weir::test
