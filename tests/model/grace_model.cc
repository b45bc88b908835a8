// Grace periods, on the shipped headers: nobody reads what has been reclaimed, with each ordering weakened in turn.
#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/rcu/grace.h"
#include "weir/rcu/record.h"

namespace {

using weir::model::how;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;
using weir::rcu::detail::grace_periods;
using weir::rcu::detail::leave_slowly;
using weir::rcu::detail::period;
using weir::rcu::detail::record;
using weir::rcu::detail::try_enter;
using weir::rcu::detail::try_leave;
using weir::rcu::detail::try_refresh;

// The readers of one simulated domain; who must wait for another looks again and again, or sleeps at once.
template <unsigned Readers, bool Sleepy>
struct simulated {
  record records[Readers];
  rl::var<int> periods_begun;  // under the lead, so plain

  void before() { periods_begun($) = 0; }
  void heavy() {
    periods_begun($) = periods_begun($) + 1;  // before the barrier, whose fences would hide a missing order
    weir::barrier::heavy();
  }
  std::uint32_t bound() { return Readers; }
  bool holds_up(std::uint32_t i, period n) { return records[i].holds_up(n); }
  void wait_for(std::uint32_t i, period n) {
    records[i].inner.fetch_or(weir::rcu::detail::somebody_waits, std::memory_order_relaxed);
    weir::barrier::heavy();
    if (records[i].holds_up(n)) rl::yield(1, {});
  }
  bool busy(unsigned) {
    if (Sleepy) return false;
    rl::yield(1, {});
    return true;
  }
  void give_way() { rl::yield(1, {}); }

  void enter(unsigned i, const grace_periods& periods) {
    if (try_enter(records[i], periods.newest(), [] { weir::barrier::light(); })) return;
    records[i].inner.fetch_add(1, std::memory_order_relaxed);
    weir::barrier::light();
  }
  void leave(unsigned i) {
    if (!try_leave(records[i])) leave_slowly(records[i]);
  }
};

// Readers follow a pointer; writers replace it, each its own, wait for a period, and reclaim what was there.
template <unsigned Readers, unsigned Writers, bool Sleepy, unsigned Sections>
struct replace : rl::test_suite<replace<Readers, Writers, Sleepy, Sections>, Readers + Writers> {
  static constexpr int reclaimed = -1;

  weir::barrier::model::process process{Readers + Writers};
  grace_periods periods;
  simulated<Readers, Sleepy> domain;
  weir::atomic<int> current[Writers];  // which of the two objects of each writer is published
  rl::var<int> object[Writers][2];

  void before() {
    domain.before();
    for (unsigned w = 0; w < Writers; ++w) {
      object[w][0]($) = 10;
      object[w][1]($) = 11;
    }
  }
  void thread(unsigned self) {
    if (self < Readers) {
      for (unsigned i = 0; i < Sections; ++i) read(self);
    } else {
      write(self - Readers);
    }
  }
  void read(unsigned self) {
    domain.enter(self, periods);
    for (unsigned w = 0; w < Writers; ++w) {
      const int which = current[w].load(std::memory_order_acquire);
      RL_ASSERT(static_cast<int>(object[w][which]($)) == 10 + which);
    }
    domain.leave(self);
  }
  void write(unsigned w) {
    current[w].store(1, std::memory_order_release);
    periods.wait(periods.ask(), domain);
    object[w][0]($) = reclaimed;
  }
};

// The writer polls: it begins the period, and whoever comes ends it.
struct poll : rl::test_suite<poll, 2> {
  weir::barrier::model::process process{2};
  grace_periods periods;
  simulated<1, false> domain;
  weir::atomic<int> current;
  rl::var<int> object[2];

  void before() {
    domain.before();
    object[0]($) = 10;
    object[1]($) = 11;
  }
  void thread(unsigned self) {
    if (self == 0) {
      domain.enter(0, periods);
      const int which = current.load(std::memory_order_acquire);
      RL_ASSERT(static_cast<int>(object[which]($)) == 10 + which);
      domain.leave(0);
    } else {
      current.store(1, std::memory_order_release);
      const period n = periods.ask();
      for (int i = 0; i < 3; ++i) static_cast<void>(periods.advance(domain));
      if (periods.has_ended(n)) object[0]($) = -1;
    }
  }
};

// A period that one thread begins is ended by another's wait(); the reader nests, and may be told that somebody waits.
struct handed_over : rl::test_suite<handed_over, 3> {
  weir::barrier::model::process process{3};
  grace_periods periods;
  simulated<1, false> domain;
  weir::atomic<int> current[2];
  rl::var<int> object[2][2];

  void before() {
    domain.before();
    for (auto& mine : object) {
      mine[0]($) = 10;
      mine[1]($) = 11;
    }
  }
  void thread(unsigned self) {
    if (self == 0) {
      domain.enter(0, periods);
      domain.enter(0, periods);
      domain.leave(0);
      for (unsigned w = 0; w < 2; ++w) {
        const int which = current[w].load(std::memory_order_acquire);
        RL_ASSERT(static_cast<int>(object[w][which]($)) == 10 + which);
      }
      domain.leave(0);
    } else if (self == 1) {
      current[0].store(1, std::memory_order_release);
      const period n = periods.ask();
      static_cast<void>(periods.advance(domain));
      static_cast<void>(periods.press(domain));
      if (periods.has_ended(n)) object[0][0]($) = -1;
    } else {
      current[1].store(1, std::memory_order_release);
      periods.wait(periods.ask(), domain);
      object[1][0]($) = -1;
    }
  }
};

// A reader that is always inside, and holds nothing now and then.
struct quiescent : rl::test_suite<quiescent, 2> {
  weir::barrier::model::process process{2};
  grace_periods periods;
  simulated<1, false> domain;
  weir::atomic<int> current;
  rl::var<int> object[2];

  void before() {
    domain.before();
    object[0]($) = 10;
    object[1]($) = 11;
  }
  void read() {
    const int which = current.load(std::memory_order_acquire);
    RL_ASSERT(static_cast<int>(object[which]($)) == 10 + which);
  }
  void thread(unsigned self) {
    if (self == 0) {
      domain.enter(0, periods);
      read();
      if (!try_refresh(domain.records[0], periods.newest(), [] { weir::barrier::light(); })) {
        domain.leave(0);
        domain.enter(0, periods);
      }
      read();
      domain.leave(0);
    } else {
      current.store(1, std::memory_order_release);
      periods.wait(periods.ask(), domain);
      object[0]($) = -1;
    }
  }
};

using one_reader_twice = replace<1, 1, false, 2>;
using two_writers = replace<1, 2, false, 1>;
using two_sleepy_writers = replace<1, 2, true, 1>;
using two_of_each = replace<2, 2, false, 1>;

constexpr unsigned long schedules = 60'000;

template <class Suite>
void must_hold() {
  const result r = search<Suite>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

TEST_CASE("nobody reads what a writer has reclaimed after its period") {
  SECTION("a reader with two sections, a writer") { must_hold<one_reader_twice>(); }
  SECTION("a reader, two writers that share periods") { must_hold<two_writers>(); }
  SECTION("the same, who sleep") { must_hold<two_sleepy_writers>(); }
  SECTION("two readers, two writers") { must_hold<two_of_each>(); }
  SECTION("a writer that only polls") { must_hold<poll>(); }
  SECTION("one that begins a period, and another that ends it") { must_hold<handed_over>(); }
  SECTION("a reader that is quiescent now and then") { must_hold<quiescent>(); }
}

bool noticed(std::string_view site) {
  return !search_mutated<one_reader_twice>(site, how::random, schedules).clean ||
         !search_mutated<two_writers>(site, how::random, schedules).clean ||
         !search_mutated<two_sleepy_writers>(site, how::random, schedules).clean;
}

TEST_CASE("each weakened ordering is noticed") {
  const auto* site =
      GENERATE("reader-epoch", "reader-leave", "gp-scan", "gp-ticket", "gp-next", "gp-begin", "gp-newest", "gp-heavy",
               "gp-end", "gp-served", "gp-lead", "gp-unlead", "gp-sleep", "gp-sleep-look", "gp-wake", "light", "heavy");
  INFO(site);
  CHECK(noticed(site));
}

}  // namespace
