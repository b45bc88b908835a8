// Property: what a thread did before light() is seen after heavy() by the thread that called that, or the other way
// round; whatever the strategy, in a child of fork() too. One suite over all strategies that this system can build.
#include <thread>

#include "tests/barrier/strategy_suite.h"
#include "tests/support/gate.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/choose.h"
#include "weir/barrier/fence.h"
#include "weir/barrier/flush_windows.h"
#include "weir/barrier/ladder.h"
#include "weir/barrier/membarrier_linux.h"
#include "weir/barrier/mprotect_x86.h"
#include "weir/barrier/port.h"
#include "weir/barrier/registers_apple.h"

namespace {

using namespace weir::test;
using weir::barrier::strategy;
namespace detail = weir::barrier::detail;

// light() of the strategy.
template <class S>
void light() {
  if constexpr (S::id == strategy::fence) {
    std::atomic_thread_fence(std::memory_order_seq_cst);
  } else {
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
}

// WEIR_ALL_STRATEGIES: see BUILD.
template <class... S>
bool one_of(strategy id) {
  return ((S::id == id) || ...);
}

TEMPLATE_TEST_CASE("of two who announce and look, at least one sees the other", "", WEIR_ALL_STRATEGIES) {
  if (!available_here<TestType>()) return;
  REQUIRE(TestType::install());
  check_property<TestType>(&light<TestType>, scaled(20'000));
}

TEMPLATE_TEST_CASE("... over many rounds", "[long]", WEIR_ALL_STRATEGIES) {
  if (!available_here<TestType>()) return;
  REQUIRE(TestType::install());
  check_property<TestType>(&light<TestType>, scaled(4'000'000));
}

TEMPLATE_TEST_CASE("available, installed as often as one likes, used", "", WEIR_ALL_STRATEGIES) {
  if (available_here<TestType>()) check_life<TestType>();
}

TEMPLATE_TEST_CASE("used by any thread", "", WEIR_ALL_STRATEGIES) {
  if (!available_here<TestType>()) return;
  REQUIRE(TestType::install());
  check_threads<TestType>();
}

TEMPLATE_TEST_CASE("installed before fork(), it holds in the child", "[fork]", WEIR_ALL_STRATEGIES) {
  if (!available_here<TestType>()) return;
  REQUIRE(TestType::install());
  check_child<TestType>(&light<TestType>);
}

// Without these, the property above could be one of the harness: a reader that is always too late sees everything.

// Plays `rounds(seed)` until one of them shows what is wrong on purpose, and prints how often it does.
template <class Rounds>
void check_noticed(const char* wrong, Rounds rounds) {
  if (std::thread::hardware_concurrency() < 2 || under_valgrind()) {
    std::printf("left out: one processor at a time here, and %s cannot show\n", wrong);
    return;
  }
  if (weir::port::under_tsan) {
    std::printf("left out: ThreadSanitizer's own work between a store and a load hides %s; the property is weak here\n",
                wrong);
    return;
  }
  constexpr int each = 10'000;
  unsigned seed = 0;
  int neither = 0;
  CHECK(eventually([&] {
    neither += rounds(each, ++seed);
    return neither > 0;
  }));
  std::printf("with %s neither saw the other in %d of %u rounds\n", wrong, neither, seed * each);
}

TEST_CASE("the harness notices when there is no barrier", "[hardware]") {
  check_noticed("no barrier on either side", [](int rounds, unsigned seed) {
    return store_buffering::run(&light<detail::mprotect>, &light<detail::mprotect>, rounds, seed);
  });
}

// What the suite is for, and several times rarer: the callers' own fences are there, the system's barrier is not.
struct without_call {
  static void heavy() noexcept {}
};

TEST_CASE("the harness notices when heavy() is but a fence of its own thread", "[hardware]") {
  check_noticed("a heavy() that makes no call", [](int rounds, unsigned seed) {
    return neither_saw<without_call>(&light<detail::mprotect>, rounds, seed);
  });
}

TEST_CASE("every strategy of the system's own ladder is in this suite, and fence is its last") {
  for (const detail::candidate& c : detail::ladder()) {
    CAPTURE(c.id);
    CHECK(one_of<WEIR_ALL_STRATEGIES>(c.id));
  }
  CHECK(detail::ladder().back().id == strategy::fence);
}

TEST_CASE("the strategy of this process is available here, and described in one line") {
  const strategy chosen = weir::barrier::active();
  std::printf("selected: %s\n", weir::barrier::describe());
  check_text(weir::barrier::describe(), sizeof(detail::decision::text));
  bool found = false;
  for (const detail::candidate& c : detail::ladder()) {
    if (c.id != chosen) continue;
    found = true;
    CHECK(c.available(wish::named));
  }
  CHECK(found);
}

}  // namespace
