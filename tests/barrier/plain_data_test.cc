// Property: plain data written before light() is there after the heavy() that follows it, and the other way round,
// without any acquire or release. ThreadSanitizer, which does not model fences or membarrier(2), must report this
// program as racy in the dynamic form; in the form `edges` it must be quiet. Built in both.
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/port.h"

namespace {

using namespace weir::test;

// Two plain words, and for each the round that it belongs to. All relaxed: the barriers alone order.
struct ping_pong {
  int data = 0, reply = 0;
  std::atomic<int> announced{0}, taken{0};

  // The round in which the reply is not there, or 0.
  int fast_side(int rounds) {
    for (int i = 1; i <= rounds; ++i) {
      data = i;
      weir::barrier::light();
      announced.store(i, std::memory_order_relaxed);
      if (!eventually([&] { return taken.load(std::memory_order_relaxed) == i; })) return i;
      weir::barrier::light();
      if (reply != -i) return i;
    }
    return 0;
  }

  int slow_side(int rounds) {
    for (int i = 1; i <= rounds; ++i) {
      if (!eventually([&] { return announced.load(std::memory_order_relaxed) == i; })) return i;
      weir::barrier::heavy();
      if (data != i) return i;
      reply = -i;
      weir::barrier::heavy();
      taken.store(i, std::memory_order_relaxed);
    }
    return 0;
  }
};

TEST_CASE("role: plain data", "[.role]") {
  // Not on the stack: of an object there, clang 14 does not tell ThreadSanitizer about accesses to members.
  const auto on_heap = std::make_unique<ping_pong>();
  ping_pong& shared = *on_heap;
  const int rounds = scaled(5'000);
  crew threads;
  threads.add([&] {
    if (const int round = shared.fast_side(rounds); round != 0) fail("no reply in round " + std::to_string(round));
  });
  CHECK(shared.slow_side(rounds) == 0);
  CHECK(threads.join() == "");
}

TEST_CASE("plain data is ordered by light() and heavy() alone") {
  const outcome program = rerun({"role: plain data"});
  CAPTURE(program.text);
  CHECK(program.text.find("cases: 1 passed, 0 failed") != std::string::npos);  // it is there, and the values were right
  const bool edges = weir::barrier::active() == weir::barrier::strategy::edges;
  if (weir::port::under_tsan && !edges) {
    CHECK(program.exited);
    CHECK(program.status == 66);  // ThreadSanitizer's exit status after a report
    CHECK(program.text.find("WARNING: ThreadSanitizer: data race") != std::string::npos);
  } else {
    CHECK(program.summary() == "exit 0");
  }
}

}  // namespace
