// The wait engine of sync/nt on the shipped headers, under the C++ memory model: what was done before a signal is known
// to whoever it lets through, whatever way it takes; cells and records have one owner at a time. Each ordering is
// weakened in turn.
//
// What the protocol is for, whatever the memory orders, is the explorer's business (tests/sync/nt/explorer).
#include <cstdint>

#include "tests/model/nt_world.h"
#include "tests/model/plain.h"
#include "tests/model/search.h"
#include "tests/support/catch.h"

namespace {

using weir::model::how;
using weir::model::plain;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;
using namespace weir::model::nt;

// What thread 0 has done before it sets is known to thread 1.
struct visible : rl::test_suite<visible, 2>, world {
  plain<int> data;
  void before() {
    seg.begin();
    seg.make(0, kind::auto_event, 0);
    data = 0;
  }
  void thread(unsigned self) {
    if (self == 0) {
      data = 42;
      set(0);
    } else {
      RL_ASSERT(wait(self, 0) == status::wait_0);
      RL_ASSERT(data == 42);
    }
  }
};

// The same, where the thread's time may be up; its record is used again then.
struct timed : rl::test_suite<timed, 2>, world {
  plain<int> data;
  void before() {
    seg.begin();
    seg.make(0, kind::auto_event, 0);
    data = 0;
  }
  void thread(unsigned self) {
    if (self == 0) {
      data = 42;
      set(0);
      return;
    }
    if (wait(self, 0, some_time) == status::timeout) RL_ASSERT(wait(self, 0) == status::wait_0);
    RL_ASSERT(data == 42);
  }
};

// Threads 0 and 1 set. If thread 1 has found the event set, who takes it knows what it has done, too.
struct set_again : rl::test_suite<set_again, 3>, world {
  plain<int> data;
  weir::atomic<int> found{0};
  void before() {
    seg.begin();
    seg.make(0, kind::auto_event, 0);
    data = 0;
  }
  void thread(unsigned self) {
    switch (self) {
      case 0: set(0); break;
      case 1:
        data = 42;
        found.store(1 + set_event(seg, seg.cells[0]), std::memory_order_relaxed);
        break;
      default:
        RL_ASSERT(wait(self, 0) == status::wait_0);
        if (found.load(std::memory_order_relaxed) == 2) RL_ASSERT(data == 42);
    }
  }
};

// An auto event, or a mutant, as a lock.
template <kind Kind, unsigned Threads>
struct excluding : rl::test_suite<excluding<Kind, Threads>, Threads>, world {
  plain<unsigned> turns;
  void before() {
    seg.begin();
    seg.make(0, Kind, Kind == kind::auto_event ? 1 : 0);
    turns = 0u;
  }
  void after() { RL_ASSERT(turns == 2 * Threads); }
  void thread(unsigned self) {
    for (int i = 0; i < 2; ++i) {
      RL_ASSERT(wait(self, 0) == status::wait_0);
      turns = turns + 1;
      if (Kind == kind::auto_event) {
        set(0);
      } else {
        RL_ASSERT(release_mutant(seg, me(self), seg.cells[0]).result == status::success);
      }
    }
  }
};

// Who sees the event set knows what was done before.
struct looking : rl::test_suite<looking, 2>, world {
  plain<int> data;
  void before() {
    seg.begin();
    seg.make(0, kind::manual_event, 0);
    data = 0;
  }
  void thread(unsigned self) {
    if (self == 0) {
      data = 42;
      set(0);
    } else if (query_value<model_segment>(seg.cells[0]) != 0) {
      RL_ASSERT(data == 42);
    }
  }
};

// Threads 0 and 1 each set one object, the others wait for both, or for one of them, and give back.
template <unsigned Waiters>
struct both : rl::test_suite<both<Waiters>, 2 + Waiters>, world {
  plain<int> data[2];
  void before() {
    seg.begin();
    for (unsigned i = 0; i < 2; ++i) {
      seg.make(i, kind::manual_event, 0);
      data[i] = 0;
    }
  }
  void thread(unsigned self) {
    if (self < 2) {
      data[self] = 42;
      set(self);
      return;
    }
    RL_ASSERT(wait_for_both(self) == status::wait_0);
    RL_ASSERT(data[0] == 42);
    RL_ASSERT(data[1] == 42);
  }
};

// A thread ends with a mutant; the next owner is told, and knows what was done.
struct abandoning : rl::test_suite<abandoning, 2>, world {
  plain<int> data;
  weir::atomic<int> has_it{0};
  void before() {
    seg.begin();
    seg.make(0, kind::mutant, 0);
    data = 0;
  }
  void thread(unsigned self) {
    if (self == 0) {
      RL_ASSERT(wait(self, 0) == status::wait_0);
      has_it.store(1, std::memory_order_relaxed);
      data = 42;
      abandon_all(seg, me(self));
    } else if (has_it.load(std::memory_order_relaxed) == 1) {
      RL_ASSERT(wait(self, 0) == status::abandoned_wait_0);
      RL_ASSERT(data == 42);
    }
  }
};

// Somebody else's count of a mutant is read while its owner takes it again.
struct counting : rl::test_suite<counting, 2>, world {
  void before() {
    seg.begin();
    seg.make(0, kind::mutant, 0);
  }
  void thread(unsigned self) {
    if (self == 0) {
      for (int i = 0; i < 2; ++i) RL_ASSERT(wait(self, 0) == status::wait_0);
      for (int i = 0; i < 2; ++i) static_cast<void>(release_mutant(seg, me(self), seg.cells[0]));
      return;
    }
    const mutant_state m = query_mutant(seg, &me(self), seg.cells[0]);
    RL_ASSERT(m.count <= 1 && m.count >= -1);
    RL_ASSERT(!m.owned && !m.abandoned);
  }
};

// Two signalers, each of whom needs the other's object for a wait for all; perhaps neither in time.
struct crosswise : rl::test_suite<crosswise, 3>, world {
  void before() {
    seg.begin();
    for (unsigned i = 0; i < 2; ++i) seg.make(i, kind::auto_event, 0);
  }
  void thread(unsigned self) {
    if (self < 2) {
      set(1 - self);
    } else if (wait_for_both(self, some_time) == status::timeout) {
      RL_ASSERT(wait_for_both(self) == status::wait_0);
    }
  }
};

// Two signalers of different objects, and a third one that either has locked for the wait for all. The second object's
// signaler gives the last one back before the first one.
struct with_a_third : rl::test_suite<with_a_third, 3>, world {
  void before() {
    seg.begin();
    for (unsigned i = 0; i < 3; ++i) seg.make(i, kind::manual_event, i == 0 ? 1 : 0);
  }
  void thread(unsigned self) {
    if (self < 2) {
      set(1 + self);
    } else {
      RL_ASSERT(wait_for_all_three(self) == status::wait_0);
    }
  }
};

// All that can be done to an event and a semaphore, against waits of each kind whose time may be up. `Spins`: they look
// at their object for a while before they enter its queue.
template <unsigned Spins>
struct counts_and_events : rl::test_suite<counts_and_events<Spins>, 4>, world {
  void before() {
    seg.begin();
    model_types::spins = Spins;
    seg.make(0, kind::auto_event, 0);
    seg.make(1, kind::semaphore, 0);
  }
  void thread(unsigned self) {
    switch (self) {
      case 0:
        set(0);
        pulse_event(seg, seg.cells[0]);
        reset_event(seg, seg.cells[0]);
        break;
      case 1:
        RL_ASSERT(release_semaphore(seg, seg.cells[1], 2).result == status::success);
        static_cast<void>(query_value<model_segment>(seg.cells[0]));
        break;
      case 2:
        static_cast<void>(wait_for_one_of_both(self, some_time));
        static_cast<void>(wait_for_both(self, some_time));
        static_cast<void>(wait_for_one_of_both(self, some_time));
        break;
      default:
        static_cast<void>(wait_for_both(self, some_time));
        static_cast<void>(wait(self, 1, some_time));
        static_cast<void>(wait_for_both(self, polls));
    }
  }
};

// A mutant that is owned twice, released and abandoned, while others wait for it with an event that is set and pulsed.
struct owners_and_events : rl::test_suite<owners_and_events, 4>, world {
  void before() {
    seg.begin();
    seg.make(0, kind::mutant, 0);
    seg.make(1, kind::auto_event, 1);
  }
  void thread(unsigned self) {
    if (self == 1) {
      set(1);
      static_cast<void>(query_mutant(seg, &me(self), seg.cells[0]));
      pulse_event(seg, seg.cells[1]);
      return;
    }
    if (self == 0) {
      if (wait(self, 0, some_time) != status::timeout) static_cast<void>(wait(self, 0));
    } else {
      for (int i = 0; i < 2; ++i) {
        const status s = self == 2 ? wait_for_both(self, some_time) : wait_for_one_of_both(self, some_time);
        if (s != status::timeout && owns(self)) static_cast<void>(release_mutant(seg, me(self), seg.cells[0]));
      }
    }
    abandon_all(seg, me(self));
    RL_ASSERT(!owns(self));
  }
  bool owns(unsigned self) { return query_mutant(seg, &me(self), seg.cells[0]).owned; }
};

constexpr unsigned long schedules = 30'000;

template <class Suite>
void must_hold() {
  const result r = search<Suite>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

template <class... Suites>
bool noticed(std::string_view site) {
  return (!search_mutated<Suites>(site, how::random, 2 * schedules).clean || ...);
}

using two_lock = excluding<kind::auto_event, 2>;
using two_own = excluding<kind::mutant, 2>;
using three_lock = excluding<kind::auto_event, 3>;

TEST_CASE("what was done before a signal is known to whoever it lets through") {
  SECTION("one waiter") { must_hold<visible>(); }
  SECTION("whose time may be up") { must_hold<timed>(); }
  SECTION("who takes what two have set") { must_hold<set_again>(); }
  SECTION("who only looks") { must_hold<looking>(); }
  SECTION("who waits for all") { must_hold<both<1>>(); }
  SECTION("two who wait for all") { must_hold<both<2>>(); }
  SECTION("whom two signalers let through together") { must_hold<crosswise>(); }
  SECTION("with a third object that was there") { must_hold<with_a_third>(); }
  SECTION("who is told of an owner's end") { must_hold<abandoning>(); }
  SECTION("who counts") { must_hold<counting>(); }
}

TEST_CASE("an object has one owner at a time") {
  SECTION("an event of two") { must_hold<two_lock>(); }
  SECTION("an event of three") { must_hold<three_lock>(); }
  SECTION("a mutant of two") { must_hold<two_own>(); }
}

TEST_CASE("nothing is raced for, whatever is done to an object, and however it is waited for") {
  SECTION("events and counts") { must_hold<counts_and_events<0>>(); }
  SECTION("events and counts, looked at for a while") { must_hold<counts_and_events<2>>(); }
  SECTION("events and owners") { must_hold<owners_and_events>(); }
}

TEST_CASE("each weakened ordering is noticed") {
  const auto* site = GENERATE("nt-cell-lock", "nt-cell-unlock", "nt-signal", "nt-take", "nt-wait-done", "nt-wait-look",
                              "nt-parked-order", "nt-set-again");
  INFO(site);
  CHECK(noticed<visible, timed, set_again, two_lock, two_own>(site));
}

TEST_CASE("each weakened ordering of a look, and of the group's lock, is noticed") {
  CHECK(noticed<looking>("nt-word-look"));
  CHECK(noticed<with_a_third>("nt-group-lock"));
  CHECK(noticed<with_a_third>("nt-group-unlock"));
}

}  // namespace
