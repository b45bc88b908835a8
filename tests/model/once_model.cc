// The choice of a strategy, on the shipped header: made once, and complete for all who get it.
#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/barrier/once.h"

namespace {

using weir::barrier::detail::once;
using weir::model::how;
using weir::model::search;
using weir::model::search_mutated;

// Each thread asks twice; the value is plain data, made by one of them.
template <unsigned Threads>
struct choice : rl::test_suite<choice<Threads>, Threads> {
  struct value {
    rl::var<int> complete;
  };
  once<value> made;
  rl::var<int> prepared[Threads];
  weir::atomic<int> makers;

  void before() {
    for (rl::var<int>& p : prepared) p($) = 0;
  }
  void thread(unsigned self) {
    for (int i = 0; i < 2; ++i) {
      const value& v = made.get([&] { prepared[self]($) = 1; },
                                [&](value& into) {
                                  RL_ASSERT(static_cast<int>(prepared[self]($)) == 1);
                                  makers.fetch_add(1, std::memory_order_relaxed);
                                  into.complete($) = 1;
                                });
      RL_ASSERT(static_cast<int>(const_cast<value&>(v).complete($)) == 1);
    }
  }
  void after() { RL_ASSERT(makers.load(std::memory_order_relaxed) == 1); }
};

constexpr unsigned long schedules = 30'000;

TEST_CASE("a value is made once, and complete for all who get it") {
  for (const auto& r : {search<choice<2>>(how::random, schedules), search<choice<3>>(how::random, schedules)}) {
    INFO(r.complaint);
    CHECK(r.clean);
  }
}

TEST_CASE("each weakened ordering of the making is noticed") {
  const auto* site = GENERATE("choice", "chosen", "making", "made");
  INFO(site);
  CHECK_FALSE((search_mutated<choice<2>>(site, how::random, schedules).clean &&
               search_mutated<choice<3>>(site, how::random, schedules).clean));
}

}  // namespace
