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

// Without this, the property above could be one of the harness: a reader that is always too late sees everything. The
// compiler barrier on both sides must be caught wherever two processors really run at once.
TEST_CASE("the harness notices when there is no barrier", "[hardware]") {
  if (std::thread::hardware_concurrency() < 2 || under_valgrind()) {
    std::printf("one processor at a time here: a missing barrier cannot show\n");
    return;
  }
  unsigned seed = 1;
  int neither = 0;
  CHECK(eventually([&] {
    neither += store_buffering::run(&light<detail::mprotect>, &light<detail::mprotect>, 10'000, seed++);
    return neither > 0;
  }));
  std::printf("without barriers neither saw the other in %d of %u rounds\n", neither, (seed - 1) * 10'000);
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
