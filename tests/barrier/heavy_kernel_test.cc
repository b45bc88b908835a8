// Property: seventeen threads that call heavy(), sixteen of them while the first is inside the kernel, cost two system
// calls. Counted by the kernel: a filter of system calls hands each membarrier(2) to a supervisor, which holds the
// first.
//
// Linux 5.9 (a supervisor can let calls through, and learns when nobody is left). The filter is that of one thread and
// its offspring, and goes with them.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <linux/seccomp.h>
#include <poll.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/seccomp.h"
#include "tests/support/threads.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/library.h"

namespace {

using namespace weir::test;

std::uint32_t waiting() { return weir::barrier::per_form::heavy_callers_waiting(); }

// For the calling thread and the threads it will start: whoever holds the descriptor decides on each membarrier(2).
// Negative: -errno.
int install_filter() { return seccomp::filter().on(SYS_membarrier, seccomp::answer::ask).install_to_listen(); }

// Threads under the filter, all descended from the one that installed it.
class filtered {
 public:
  filtered() {
    threads_.add([this] {
      fd_ = install_filter();
      ready_.pass();
      if (fd_ >= 0) lead_in();
    });
  }
  ~filtered() {
    ready_.open();
    others_.open();
  }
  filtered(const filtered&) = delete;
  filtered& operator=(const filtered&) = delete;

  // The descriptor, or -errno. The threads start calling after this.
  [[nodiscard]] int start() {
    if (!ready_.await(1)) return -ETIMEDOUT;
    const int fd = fd_;
    ready_.open();
    return fd;
  }

  void let_others_come() { others_.open(); }
  [[nodiscard]] std::string join() { return threads_.join(); }
  static constexpr std::uint32_t others = 16;

 private:
  // The thread with the filter starts the others, which inherit it, and calls first.
  void lead_in() {
    crew inner;
    for (std::uint32_t i = 0; i < others; ++i) {
      inner.add([this] {
        others_.pass();
        weir::barrier::heavy();
      });
    }
    weir::barrier::heavy();
    const std::string failures = inner.join();
    if (!failures.empty()) fail(failures);
  }

  gate ready_, others_;
  int fd_ = -1;
  crew threads_;
};

// Answers the calls of the filtered threads.
class supervisor {
 public:
  supervisor(int fd, filtered& threads) : fd_(fd), threads_(threads) {}
  ~supervisor() {
    // Should a REQUIRE have thrown: a call that nobody answers any more would fail, and end the process instead.
    threads_.let_others_come();
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
    return held_.data.nr == SYS_membarrier;
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
  filtered& threads_;
  seccomp_notif held_{};
  int calls_ = 0;
};

// Why the schedule cannot be played here, or null.
const char* reason_not_to() {
  if (weir::barrier::active() != weir::barrier::strategy::membarrier) return weir::barrier::describe();
  if (under_valgrind()) return "valgrind runs one thread at a time, and none while one is held in this call";
  return nullptr;
}

void play() {
  weir::barrier::heavy();  // alone: after a crowd the first caller would take a ticket and be counted as waiting
  filtered threads;
  const int fd = threads.start();
  REQUIRE(fd != -ETIMEDOUT);  // no refusal of the kernel's
  if (fd < 0) {
    std::printf("left out: the kernel refuses the supervisor (%s)\n", std::strerror(-fd));
    return;
  }
  supervisor kernel(fd, threads);
  const std::uint64_t before = weir::barrier::system_barriers();
  REQUIRE(kernel.hold());
  // Who leads may have taken a ticket first, and is counted then.
  const std::uint32_t leader = waiting();
  CHECK(leader <= 1);
  threads.let_others_come();
  REQUIRE(eventually([&] { return waiting() == leader + filtered::others; }));
  REQUIRE(kernel.let_go());
  REQUIRE(kernel.hold());  // one of them calls for all
  REQUIRE(kernel.let_go());
  while (kernel.hold()) REQUIRE(kernel.let_go());  // until nobody is left
  CHECK(threads.join() == "");
  CHECK(kernel.calls() == 2);
  CHECK(weir::barrier::system_barriers() == before + 2);
  CHECK(waiting() == 0);
}

TEST_CASE("sixteen callers of heavy() who find one in the kernel make one system call between them") {
  if (const char* reason = reason_not_to(); reason != nullptr) {
    std::printf("left out: %s\n", reason);
    return;
  }
  for (int repeat = 0; repeat < scaled(30); ++repeat) play();
}

}  // namespace
