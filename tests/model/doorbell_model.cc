// Who reclaims is told of what there is, on the shipped headers: what was pushed before a call is taken, by a thread
// that would sleep else, or by work for an executor. Each ordering is weakened in turn.
//
// Nothing here ends by itself: a nap lasts until it is ended, so a call that is lost is a hang, which Relacy reports.
#include "tests/model/plain.h"
#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/barrier/arrivals.h"
#include "weir/barrier/errands.h"
#include "weir/rcu/doorbell.h"

namespace weir::rcu::detail {

void nap(weir::atomic<std::uint32_t>& word, std::uint32_t expected, std::chrono::nanoseconds) noexcept {
  word.wait(expected, std::memory_order_relaxed);
}
void wake_all(weir::atomic<std::uint32_t>& word) noexcept { word.notify_all(); }

}  // namespace weir::rcu::detail

namespace {

using weir::detail::arrivals;
using weir::detail::errands;
using weir::model::how;
using weir::model::plain;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;
using weir::rcu::detail::doorbell;

struct object {
  plain<object*> next;
  plain<int> what;
};

// What was pushed, and who has taken it.
template <unsigned Retirers, unsigned Each>
struct pushed {
  arrivals<object> list;
  object objects[Retirers][Each];
  unsigned taken = 0;  // of who takes

  void push(unsigned retirer, unsigned i) {
    objects[retirer][i].what = 1;
    list.push(&objects[retirer][i]);
  }
  void take() {
    for (object* o = list.take(); o != nullptr; ++taken) {
      RL_ASSERT(o->what == 1);
      o = o->next;
    }
  }
  [[nodiscard]] bool all() const { return taken == Retirers * Each; }
};

// Thread 0 sleeps while there is nothing; the others push and call.
template <unsigned Retirers, unsigned Each>
struct sleeping : rl::test_suite<sleeping<Retirers, Each>, 1 + Retirers> {
  doorbell bell;
  pushed<Retirers, Each> here;

  void thread(unsigned self) {
    if (self != 0) {
      for (unsigned i = 0; i < Each; ++i) {
        here.push(self - 1, i);
        bell.call(false);
      }
      return;
    }
    while (!here.all()) {
      if (!bell.urgent()) bell.sleep([this] { return here.list.empty(); });
      here.take();
    }
  }
};

// Thread 0 naps whatever there is; the others push and call urgently.
template <unsigned Retirers, unsigned Each>
struct napping : rl::test_suite<napping<Retirers, Each>, 1 + Retirers> {
  doorbell bell;
  pushed<Retirers, Each> here;

  void thread(unsigned self) {
    if (self != 0) {
      for (unsigned i = 0; i < Each; ++i) {
        here.push(self - 1, i);
        bell.call(true);
      }
      return;
    }
    while (!here.all()) {
      if (!bell.urgent()) bell.nap([] { return std::chrono::nanoseconds(1); });
      here.take();
    }
  }
};

// Thread 0 sleeps and naps until it is to end.
struct stopping : rl::test_suite<stopping, 2> {
  doorbell bell;

  void thread(unsigned self) {
    if (self != 0) {
      bell.stop();
      bell.wake();
      return;
    }
    while (!bell.stopping()) {
      bell.sleep([] { return true; });
      bell.nap([] { return std::chrono::nanoseconds(1); });
    }
  }
};

// Thread 0 is the executor's; the others push, and give work away unless there is some. Then the domain ends.
template <unsigned Retirers, unsigned Each>
struct executing : rl::test_suite<executing<Retirers, Each>, 1 + Retirers> {
  errands work;
  pushed<Retirers, Each> here;
  weir::atomic<unsigned> given;  // the executor's queue

  void thread(unsigned self) {
    if (self != 0) {
      for (unsigned i = 0; i < Each; ++i) {
        here.push(self - 1, i);
        if (work.schedule()) given.fetch_add(1, std::memory_order_release);
      }
      return;
    }
    for (unsigned done = 0; !here.all();) {
      if (given.load(std::memory_order_acquire) == done) {
        rl::yield(1, {});
        continue;
      }
      ++done;
      work.taken_up();
      here.take();
      work.over();
    }
  }
};

// Thread 1 retires, and then ends the domain.
struct ending : rl::test_suite<ending, 2> {
  errands work;
  plain<int> domain;
  weir::atomic<unsigned> given;

  void before() { domain = 1; }
  void thread(unsigned self) {
    if (self != 0) {
      if (work.schedule()) given.store(1, std::memory_order_release);
      while (!work.none()) rl::yield(1, {});
      domain = 0;
      return;
    }
    while (given.load(std::memory_order_acquire) == 0) rl::yield(1, {});
    work.taken_up();
    RL_ASSERT(domain == 1);
    work.over();
  }
};

using one_sleeps = sleeping<1, 2>;
using two_call = sleeping<2, 1>;
using one_naps = napping<1, 2>;
using two_call_urgently = napping<2, 1>;
using one_gives = executing<1, 2>;
using two_give = executing<2, 1>;
using two_give_more = executing<2, 2>;

constexpr unsigned long schedules = 60'000;

template <class Suite>
void must_hold() {
  const result r = search<Suite>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

TEST_CASE("no call is lost") {
  SECTION("of a retirer, to a thread that sleeps") { must_hold<one_sleeps>(); }
  SECTION("of two") { must_hold<two_call>(); }
  SECTION("an urgent one, to a thread that naps") { must_hold<one_naps>(); }
  SECTION("of two") { must_hold<two_call_urgently>(); }
  SECTION("that it is to end") { must_hold<stopping>(); }
  SECTION("to an executor") { must_hold<one_gives>(); }
  SECTION("of two") { must_hold<two_give>(); }
  SECTION("of two, with work in progress") { must_hold<two_give_more>(); }
}

TEST_CASE("work for an executor is over before the domain ends") { must_hold<ending>(); }

// By one of the suites.
template <class... Suites>
bool noticed(std::string_view site) {
  return (!search_mutated<Suites>(site, how::random, schedules).clean || ...);
}

TEST_CASE("each weakened ordering between a caller and a thread is noticed") {
  const auto* site = GENERATE("push-seen", "push-look", "idle", "idle-urgent", "call", "call-urgent", "call-set",
                              "call-taken", "stop", "stop-look");
  INFO(site);
  CHECK(noticed<one_sleeps, two_call, one_naps, two_call_urgently, stopping>(site));
}

TEST_CASE("each weakened ordering between a caller and an executor's work is noticed") {
  const auto* site = GENERATE("push-seen", "push-look", "schedule", "taken-up", "over", "over-seen");
  INFO(site);
  CHECK(noticed<one_gives, two_give, two_give_more, ending>(site));
}

}  // namespace
