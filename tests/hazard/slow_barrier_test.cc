// Property: the stated bound holds while another thread's barrier takes its time, whatever that barrier has served.
//
// The barrier is held inside the kernel: see tests/support/supervisor.h.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/syscall.h>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/supervisor.h"
#include "tests/support/threads.h"
#include "weir/barrier/barrier.h"
#include "weir/hazard/pointer.h"
#include "weir/hazard/retire.h"

namespace {

using namespace weir::test;
using weir::hazard::domain;
using weir::hazard::pointer;

constexpr std::size_t threshold = 256;
constexpr std::size_t bound = 2 * threshold + 250 + 1;  // one thread, one hazard pointer

// Retires, and remembers how many were unreclaimed at once.
struct retirer {
  domain d{{.threshold = threshold}};
  std::vector<long> objects = std::vector<long>(10'000);
  std::size_t next = 0;
  std::size_t reclaimed = 0;
  std::size_t most = 0;

  struct count {
    retirer* of;
    void operator()(long* /*object*/) const noexcept { ++of->reclaimed; }
  };
  void retire(int times) {
    for (int i = 0; i < times; ++i) {
      d.retire(&objects[next++], count{this});
      if (next - reclaimed > most) most = next - reclaimed;
    }
  }
};

// A thread that calls heavy() under a filter.
class caller {
 public:
  caller() {
    thread_.add([this] {
      fd_ = ask_supervisor(SYS_membarrier);
      ready_.pass();
      if (fd_ >= 0) weir::barrier::heavy();
    });
  }
  ~caller() { ready_.open(); }
  caller(const caller&) = delete;
  caller& operator=(const caller&) = delete;

  [[nodiscard]] int start() {
    if (!ready_.await(1)) return -ETIMEDOUT;
    const int fd = fd_;
    ready_.open();
    return fd;
  }
  [[nodiscard]] std::string join() { return thread_.join(); }

 private:
  gate ready_;
  int fd_ = -1;
  crew thread_;
};

const char* reason_not_to() {
  if (weir::barrier::active() != weir::barrier::strategy::membarrier) return weir::barrier::describe();
  if (under_valgrind()) return "valgrind runs one thread at a time, and none while one is held in this call";
  return nullptr;
}

TEST_CASE("what a slow barrier has served and is protected still does not keep the rest from being looked at") {
  if (const char* reason = reason_not_to(); reason != nullptr) {
    std::printf("left out: %s\n", reason);
    return;
  }
  retirer r;
  pointer h = weir::hazard::make_pointer();
  h.reset_protection(&r.objects[0]);
  r.retire(10);
  r.d.clean_up();
  REQUIRE(r.next - r.reclaimed == 1);

  caller other;
  const int fd = other.start();
  REQUIRE(fd != -ETIMEDOUT);
  if (fd < 0) {
    std::printf("left out: the kernel refuses the supervisor (%s)\n", std::strerror(-fd));
    return;
  }
  supervisor kernel(fd, SYS_membarrier, [] {});
  REQUIRE(kernel.hold());
  r.retire(501);  // two segments that the barrier does not serve, after one that it does
  REQUIRE(kernel.let_go());
  CHECK(other.join() == "");
  r.retire(2'000);
  CHECK(r.most <= bound);
}

}  // namespace
