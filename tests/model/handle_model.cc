// Handles, on the shipped headers: whoever finds an object by one finds it as it was made, and it stays so until the
// section ends, while others close the handle and use its place again. Each ordering is weakened in turn.
#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/rcu/grace.h"
#include "weir/rcu/record.h"
#include "weir/sync/nt/counts.h"
#include "weir/sync/nt/handle_slot.h"

namespace {

using weir::model::how;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;
using weir::nt::detail::entry;
using weir::nt::detail::handle_slot;
using weir::nt::detail::type;
using weir::rcu::detail::grace_periods;
using weir::rcu::detail::period;
using weir::rcu::detail::record;

bool waits_for_sections = true;  // false: wrong on purpose

// The readers of the domain, as grace_model.cc has them.
template <unsigned Readers>
struct simulated {
  record records[Readers];

  void heavy() { weir::barrier::heavy(); }
  std::uint32_t bound() { return Readers; }
  std::uint32_t first_that_holds_up(period n, std::uint32_t from, std::uint32_t end) {
    while (from < end && !records[from].holds_up(n)) ++from;
    return from;
  }
  void wait_for(std::uint32_t, period) { rl::yield(1, {}); }
  bool busy(unsigned) {
    rl::yield(1, {});
    return true;
  }
  void give_way() { rl::yield(1, {}); }
};

// One place. Readers look at it and use what they find; the others close the handle, and make another object's of it.
template <unsigned Readers, unsigned Closers>
struct using_handles : rl::test_suite<using_handles<Readers, Closers>, Readers + Closers> {
  static constexpr unsigned objects = 1 + Closers;  // each closer makes one

  weir::barrier::model::process process{Readers + Closers};
  grace_periods periods;
  simulated<Readers> domain;
  handle_slot place;
  rl::var<unsigned> object[objects];  // 100 + its number, while it is one

  static entry entry_of(unsigned i) { return entry::make(type::event, 3, i, 0, false); }
  void before() {
    for (unsigned i = 0; i < objects; ++i) object[i]($) = i == 0 ? 100 : 0;
    place.keep(entry_of(0));
  }
  void thread(unsigned self) {
    if (self < Readers) {
      for (int i = 0; i < 2; ++i) read(self);
    } else {
      close(1 + self - Readers);
    }
  }
  void read(unsigned self) {
    record& mine = domain.records[self];
    RL_ASSERT(try_enter(mine, periods.newest(), [] { weir::barrier::light(); }));
    if (const entry e = place.look(); e.is_any()) {
      RL_ASSERT(e == entry_of(e.number()));
      RL_ASSERT(static_cast<unsigned>(object[e.number()]($)) == 100 + e.number());
    }
    RL_ASSERT(try_leave(mine));
  }
  void close(unsigned next) {
    const entry was = place.take([](entry) { return false; });
    if (!was.is_any()) return;  // another was faster
    object[next]($) = 100 + next;
    place.show(entry_of(next));
    if (waits_for_sections) periods.wait(periods.ask(), domain);
    RL_ASSERT(static_cast<unsigned>(object[was.number()]($)) == 100 + was.number());  // once
    object[was.number()]($) = 1;
  }
};

// A body, by its two counts. The first thread has a handle and closes it; the others open the object by its name, use
// it, and close what they have. Nobody is in a section: a grace period is nothing that would hold a reference back.
template <unsigned Openers>
struct opening_by_name : rl::test_suite<opening_by_name<Openers>, 1 + Openers> {
  weir::nt::detail::counts who_has_it;
  rl::mutex names;
  rl::var<bool> has_name;
  rl::var<unsigned> object;         // 100, while it is there
  rl::var<bool> used[1 + Openers];  // by each thread's handle

  void before() {
    has_name($) = true;
    object($) = 100;
    for (auto& u : used) u($) = false;
  }
  void thread(unsigned self) {
    if (self != 0 && !open()) return;
    RL_ASSERT(static_cast<unsigned>(object($)) == 100);
    used[self]($) = true;
    close();
  }
  bool open() {
    names.lock($);
    const bool found = has_name($) && who_has_it.handles() != 0 && who_has_it.add_handle();
    names.unlock($);
    return found;
  }
  void close() {
    if (who_has_it.close_handle()) {
      RL_ASSERT(static_cast<bool>(used[0]($)));
      for (auto& u : used) static_cast<void>(static_cast<bool>(u($)));  // of those who had one: it is known
      names.lock($);
      has_name($) = false;
      names.unlock($);
    }
    if (who_has_it.drop()) object($) = 1;
  }
  void after() { RL_ASSERT(static_cast<unsigned>(object($)) == 1); }
};

constexpr unsigned long schedules = 60'000;

template <class Suite>
void must_hold() {
  const result r = search<Suite>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

TEST_CASE("what a handle leads to stays what it is until the section ends") {
  SECTION("one closes") { must_hold<using_handles<2, 1>>(); }
  SECTION("two close") { must_hold<using_handles<1, 2>>(); }
}

TEST_CASE("each weakened ordering is noticed") {
  for (const char* site : {"handle-look", "handle-shown", "handle-taken"}) {
    INFO(site);
    CHECK_FALSE(search_mutated<using_handles<1, 2>>(site, how::random, 10 * schedules).clean);
  }
}

TEST_CASE("who opens an object by its name has it until it closes what it has") {
  SECTION("one opens") { must_hold<opening_by_name<1>>(); }
  SECTION("two open") { must_hold<opening_by_name<2>>(); }
}

TEST_CASE("each wrong count is noticed") {
  for (const char* site : {"body-refer", "body-dropped", "body-closed"}) {
    INFO(site);
    CHECK_FALSE(search_mutated<opening_by_name<2>>(site, how::random, 10 * schedules).clean);
  }
}

TEST_CASE("an object that ends without a grace period is noticed") {
  waits_for_sections = false;
  CHECK_FALSE(search<using_handles<1, 1>>(how::random, 10 * schedules).clean);
  waits_for_sections = true;
}

}  // namespace
