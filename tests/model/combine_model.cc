// The combining of concurrent heavy()s, on the shipped header, with each of its orderings weakened in turn.
#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/barrier/combine.h"
#include "weir/barrier/port.h"

namespace {

using weir::barrier::detail::combiner;
using weir::model::how;
using weir::model::search;
using weir::model::search_mutated;

// A caller that must wait sleeps at once, so that the sleeping path is searched too.
struct sleep_at_once {
  static bool busy(unsigned) { return false; }
  static void give_way() { rl::yield(1, {}); }
};

// A caller that must wait looks again and again.
struct never_sleep {
  static bool busy(unsigned) {
    rl::yield(1, {});
    return true;
  }
  static void give_way() { rl::yield(1, {}); }
};

// Store buffering between each caller and one reader: the caller's heavy() is the combiner's.
template <class Wait, unsigned Callers>
struct shared_barrier : rl::test_suite<shared_barrier<Wait, Callers>, Callers + 1> {
  weir::barrier::model::process process{Callers + 1};
  combiner combined;
  weir::atomic<int> announced;          // by the reader
  weir::atomic<int> unlinked[Callers];  // by the callers
  int reader_saw[Callers] = {};
  int caller_saw[Callers] = {};

  void thread(unsigned self) {
    if (self < Callers) {
      unlinked[self].store(1, std::memory_order_relaxed);
      combined.run([this] { process.heavy(); }, Wait{});
      caller_saw[self] = announced.load(std::memory_order_relaxed);
    } else {
      announced.store(1, std::memory_order_relaxed);
      process.light();
      for (unsigned i = 0; i < Callers; ++i) reader_saw[i] = unlinked[i].load(std::memory_order_relaxed);
    }
  }
  void after() {
    for (unsigned i = 0; i < Callers; ++i) RL_ASSERT(reader_saw[i] == 1 || caller_saw[i] == 1);
    RL_ASSERT(combined.waiting() == 0);
    RL_ASSERT(combined.ended() >= 1 && combined.ended() <= Callers);
  }
};

// What each caller did before is known to the others after, and calls exclude one another: `calls` is plain data.
template <class Wait, unsigned Callers>
struct exclusion : rl::test_suite<exclusion<Wait, Callers>, Callers> {
  combiner combined;
  rl::var<int> calls;

  void before() { calls($) = 0; }
  void thread(unsigned) {
    combined.run([this] { calls($) = calls($) + 1; }, Wait{});
  }
};

// Who is served by another's call: the call saw what he had done before, and he sees what the call did.
template <class Wait>
struct hand_over : rl::test_suite<hand_over<Wait>, 2> {
  combiner combined;
  weir::atomic<int> prepared[2];
  rl::var<int> call_saw[2];  // what the call that `self` made saw of the other
  bool called[2] = {};

  void thread(unsigned self) {
    const unsigned other = 1 - self;
    prepared[self].store(1, std::memory_order_relaxed);
    combined.run(
        [&] {
          called[self] = true;
          call_saw[self]($) = prepared[other].load(std::memory_order_relaxed);
        },
        Wait{});
    if (!called[self]) RL_ASSERT(call_saw[other]($) == 1);
  }
};

constexpr unsigned long schedules = 60'000;

template <class Suite>
void must_hold() {
  const auto r = search<Suite>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

TEST_CASE("combined heavy() pairs with light(), for every caller") {
  SECTION("two callers, spinning") { must_hold<shared_barrier<never_sleep, 2>>(); }
  SECTION("two callers, sleeping") { must_hold<shared_barrier<sleep_at_once, 2>>(); }
  SECTION("three callers, sleeping") { must_hold<shared_barrier<sleep_at_once, 3>>(); }
}

TEST_CASE("combined calls exclude one another and nobody sleeps for ever") {
  SECTION("two, spinning") { must_hold<exclusion<never_sleep, 2>>(); }
  SECTION("two, sleeping") { must_hold<exclusion<sleep_at_once, 2>>(); }
  SECTION("three, sleeping") { must_hold<exclusion<sleep_at_once, 3>>(); }
}

TEST_CASE("who is served by another's call knows what that one did before") {
  must_hold<hand_over<never_sleep>>();
  must_hold<hand_over<sleep_at_once>>();
}

// Whether any of the models above notices that a site is weakened.
bool noticed(std::string_view site) {
  return !search_mutated<shared_barrier<never_sleep, 2>>(site, how::random, schedules).clean ||
         !search_mutated<shared_barrier<sleep_at_once, 2>>(site, how::random, schedules).clean ||
         !search_mutated<exclusion<never_sleep, 2>>(site, how::random, schedules).clean ||
         !search_mutated<exclusion<sleep_at_once, 2>>(site, how::random, schedules).clean ||
         !search_mutated<hand_over<never_sleep>>(site, how::random, schedules).clean;
}

// Where a read-modify-write is no full fence, one follows it: before the call, and at the end of run(). An acquire that
// is for what comes after such a fence can be weakened, and there is nothing to notice.
bool covered_by_a_fence(std::string_view site) {
  return !weir::port::rmw_is_full_fence && (site == "lead-lock" || site == "heavy-served");
}

TEST_CASE("each weakened ordering of the combining is noticed") {
  const auto* site = GENERATE("heavy-ticket", "heavy-next", "heavy-number-first", "heavy-begin", "heavy-end",
                              "heavy-served", "lead-lock", "lead-unlock", "sleep", "sleep-look", "wake");
  INFO(site);
  CHECK(noticed(site) == !covered_by_a_fence(site));
}

}  // namespace
