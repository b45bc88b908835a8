// Segments of retired objects, on the shipped header: whoever takes entries away, each is taken exactly once, and what
// its retirer did before is known then. Each ordering is weakened in turn.
#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/rcu/handover.h"

namespace {

using weir::model::how;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;
using weir::rcu::detail::handover;

// Thread 0 owns the segment: it appends `Entries`, closes it, and takes what is left if it is told to. The others seize
// it as often as they are told, take what they see, and what the owner leaves to them.
template <unsigned Thieves, unsigned Entries>
struct taking : rl::test_suite<taking<Thieves, Entries>, 1 + Thieves> {
  handover hand;
  rl::var<unsigned> entry[Entries];
  rl::var<unsigned> first;
  rl::var<int> taken[Entries];

  void before() {
    first($) = 0;
    for (unsigned i = 0; i < Entries; ++i) {
      entry[i]($) = 0;
      taken[i]($) = 0;
    }
  }
  void after() {
    for (unsigned i = 0; i < Entries; ++i) RL_ASSERT(taken[i]($) == 1);
  }
  void thread(unsigned self) {
    if (self == 0) {
      for (unsigned i = 0; i < Entries; ++i) {
        entry[i]($) = i + 10;
        hand.append(i + 1);
      }
      if (hand.close()) take(hand.written());
      return;
    }
    if (!hand.seize()) return;
    take(hand.seen());
    if (!hand.release()) take(hand.seen());
  }
  void take(unsigned end) {
    unsigned i = first($);
    for (; i < end; ++i) {
      RL_ASSERT(static_cast<unsigned>(entry[i]($)) == i + 10);
      taken[i]($) = taken[i]($) + 1;
    }
    first($) = i;
  }
};

using one_thief = taking<1, 2>;
using two_thieves = taking<2, 2>;

constexpr unsigned long schedules = 60'000;

template <class Suite>
void must_hold() {
  const result r = search<Suite>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

TEST_CASE("every entry is taken once, and whole") {
  SECTION("a thief") { must_hold<one_thief>(); }
  SECTION("two") { must_hold<two_thieves>(); }
}

TEST_CASE("each weakened ordering is noticed") {
  const auto* site = GENERATE("bag-append", "bag-seen", "bag-close", "bag-seize", "bag-release");
  INFO(site);
  CHECK((!search_mutated<one_thief>(site, how::random, schedules).clean ||
         !search_mutated<two_thieves>(site, how::random, schedules).clean));
}

}  // namespace
