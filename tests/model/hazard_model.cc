// Hazard pointers on the shipped headers: an object is not reclaimed while a slot protects it, wherever the slot has
// been moved to and whosever barrier has served; each object is reclaimed once. Each ordering is weakened in turn.
#include <cstdint>

#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/barrier/arrivals.h"
#include "weir/barrier/combine.h"
#include "weir/barrier/word_mutex.h"
#include "weir/hazard/link.h"
#include "weir/hazard/slot.h"

namespace {

using weir::barrier::detail::combiner;
using weir::detail::arrivals;
using weir::hazard::detail::address;
using weir::hazard::detail::link;
using weir::hazard::detail::nothing;
using weir::hazard::detail::slot;
using weir::model::how;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;

// As hazard::pointer has it.
struct owner {
  slot* s;
  slot* operator->() const { return s; }
  static void light() { weir::barrier::light(); }
};

// Object i has address 16 * (i + 1), and holds 100 + i until it is reclaimed.
constexpr unsigned objects = 3;
constexpr address address_of(unsigned i) { return address{16} * (i + 1); }
constexpr unsigned object_at(address a) { return static_cast<unsigned>(a / 16 - 1); }
constexpr address as_it_is(address a) { return a; }

struct world {
  weir::barrier::model::process process;
  weir::atomic<address> source;
  rl::var<unsigned> object[objects];

  explicit world(unsigned threads) : process(threads) {}
  void begin() {
    for (unsigned i = 0; i < objects; ++i) object[i]($) = i == 0 ? 100 : 0;
    source.store(address_of(0), std::memory_order_relaxed);
  }
  void read(address a) {
    const unsigned i = object_at(a);
    RL_ASSERT(static_cast<unsigned>(object[i]($)) == 100 + i);
  }
  // The one that was there is the caller's to retire.
  address replace(unsigned by) {
    object[by]($) = 100 + by;
    return source.exchange(address_of(by), std::memory_order_acq_rel);
  }
  void reclaim(address a) {
    const unsigned i = object_at(a);
    RL_ASSERT(static_cast<unsigned>(object[i]($)) == 100 + i);  // once
    object[i]($) = 1;
  }
};

// Thread 0 replaces an object and reclaims the old one if no slot protects it; the others read, twice.
template <unsigned Readers>
struct protecting : rl::test_suite<protecting<Readers>, 1 + Readers>, world {
  slot slots[Readers];
  protecting() : world(1 + Readers) {}

  void before() { begin(); }
  void thread(unsigned self) {
    if (self == 0) {
      for (unsigned next = 1; next < objects; ++next) {
        const address old = replace(next);
        weir::barrier::heavy();
        bool held = false;
        for (const slot& s : slots) held = s.look() == old || held;
        if (!held) reclaim(old);
      }
      return;
    }
    slot& s = slots[self - 1];
    for (int round = 0; round < 2; ++round) {
      RL_ASSERT(s.is_free());
      s.take();
      read(weir::hazard::detail::protect<address>(owner{&s}, source, as_it_is));
      if (round == 0) s.set(nothing);
      s.drop();
    }
  }
};

// Thread 1 protects, hands its slot to thread 2, and takes it again once it is free; thread 0 reclaims.
struct moving : rl::test_suite<moving, 3>, world {
  slot s;
  weir::atomic<address> hand{0};
  moving() : world(3) {}

  void before() { begin(); }
  void thread(unsigned self) {
    switch (self) {
      case 0: {
        const address old = replace(1);
        weir::barrier::heavy();
        if (s.look() != old) reclaim(old);
        break;
      }
      case 1:
        s.take();
        hand.store(weir::hazard::detail::protect<address>(owner{&s}, source, as_it_is), std::memory_order_release);
        for (int i = 0; i < 2; ++i) {
          if (!s.is_free()) continue;
          s.take();
          break;
        }
        break;
      default: {
        const address a = hand.load(std::memory_order_acquire);
        if (a == 0) break;
        read(a);
        s.drop();
      }
    }
  }
};

// Thread 0 retires with a ticket, and reclaims if the barrier that thread 1 makes for its own ends has served it.
struct by_ticket : rl::test_suite<by_ticket, 3>, world {
  combiner combined;
  slot s;
  by_ticket() : world(3) {}

  struct patience {
    static bool busy(unsigned) {
      rl::yield(1, $);
      return true;
    }
    static void give_way() {}
  };

  void before() { begin(); }
  void thread(unsigned self) {
    switch (self) {
      case 0: {
        const address old = replace(1);
        const std::uint64_t ticket = combined.ticket();
        for (int i = 0; i < 2; ++i) {
          if (!combined.served(ticket)) continue;
          if (s.look() != old) reclaim(old);
          break;
        }
        break;
      }
      case 1: combined.run([] { weir::barrier::heavy(); }, patience{}); break;
      default:
        s.take();
        read(weir::hazard::detail::protect<address>(owner{&s}, source, as_it_is));
        s.drop();
    }
  }
};

// Threads 0 and 1 retire objects with links and look through them, as a cohort does; thread 2 reads. What is left in
// the end is reclaimed then.
struct listing : rl::test_suite<listing, 3>, world {
  arrivals<link> in;
  link links[objects];
  slot s;
  listing() : world(3) {}

  void before() { begin(); }
  void after() {
    for (link* l = in.take(); l != nullptr; l = l->next) reclaim(address_of(index(l)));
    for (unsigned i = 0; i < objects; ++i) {
      if (address_of(i) == source.load(std::memory_order_relaxed)) continue;
      RL_ASSERT(static_cast<unsigned>(object[i]($)) == 1);
    }
  }
  unsigned index(const link* l) const { return static_cast<unsigned>(l - links); }
  void thread(unsigned self) {
    if (self == 2) {
      s.take();
      read(weir::hazard::detail::protect<address>(owner{&s}, source, as_it_is));
      s.drop();
      return;
    }
    in.push(&links[object_at(replace(1 + self))]);
    link* l = in.take_in_order();
    if (l == nullptr) return;
    weir::barrier::heavy();
    while (l != nullptr) {
      link* const next = l->next;
      if (s.look() == address_of(index(l))) {
        in.push(l);
      } else {
        reclaim(address_of(index(l)));
      }
      l = next;
    }
  }
};

// The lock of the bags.
struct excluding : rl::test_suite<excluding, 3> {
  weir::detail::word_mutex lock;
  rl::var<int> turns;

  void before() { turns($) = 0; }
  void after() { RL_ASSERT(turns($) == 6); }
  void thread(unsigned) {
    for (int i = 0; i < 2; ++i) {
      lock.lock();
      turns($) = turns($) + 1;
      lock.unlock();
    }
  }
};

constexpr unsigned long schedules = 60'000;

template <class Suite>
void must_hold() {
  const result r = search<Suite>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

template <class Suite>
bool noticed(const char* site) {
  return !search_mutated<Suite>(site, how::random, 10 * schedules).clean;
}

TEST_CASE("what is protected is not reclaimed") {
  SECTION("one reader") { must_hold<protecting<1>>(); }
  SECTION("two readers") { must_hold<protecting<2>>(); }
  SECTION("a slot that moves") { must_hold<moving>(); }
  SECTION("somebody else's barrier") { must_hold<by_ticket>(); }
  SECTION("objects with links") { must_hold<listing>(); }
  SECTION("a bag's lock") { must_hold<excluding>(); }
}

TEST_CASE("each weakened ordering is noticed") {
  for (const char* site : {"light", "heavy", "protect", "validate", "slot-set", "slot-drop", "slot-look"}) {
    INFO(site);
    CHECK(noticed<protecting<1>>(site));
  }
  for (const char* site : {"slot-take", "slot-drop"}) {
    INFO(site);
    CHECK(noticed<moving>(site));
  }
  for (const char* site : {"heavy-ticket", "heavy-next", "heavy-served"}) {
    INFO(site);
    CHECK(noticed<by_ticket>(site));
  }
  CHECK(noticed<excluding>("word-lock"));
  CHECK(noticed<excluding>("word-unlock"));
  CHECK(noticed<listing>("push"));
  // The fences of the heavy() that follows are enough for these; combine_model.cc notices the first two.
  CHECK_FALSE(noticed<by_ticket>("heavy-begin"));
  CHECK_FALSE(noticed<by_ticket>("heavy-end"));
  CHECK_FALSE(noticed<listing>("collect"));
}

}  // namespace
