// Property: seventeen threads that call heavy(), sixteen of them while the first is inside the kernel, cost two system
// calls. Counted by the kernel: a filter of system calls hands each membarrier(2) to a supervisor, which holds the
// first.
//
// Linux 5.9 (a supervisor can let calls through, and learns when nobody is left). The filter is that of one thread and
// its offspring, and goes with them.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <sys/syscall.h>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/supervisor.h"
#include "tests/support/threads.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/library.h"

namespace {

using namespace weir::test;

std::uint32_t waiting() { return weir::barrier::per_form::heavy_callers_waiting(); }

// Threads under the filter, all descended from the one that installed it.
class filtered {
 public:
  filtered() {
    threads_.add([this] {
      fd_ = ask_supervisor(SYS_membarrier);
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
  supervisor kernel(fd, SYS_membarrier, [&] { threads.let_others_come(); });
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
