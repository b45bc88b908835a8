// Waits, by the numbers of the list in README.md: what is taken, in which order, and for how long.
#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/worker.h"
#include "tests/sync/park/clock.h"
#include "weir/sync/nt/objects.h"
#include "weir/sync/nt/ticks.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::nt;
using weir::nt::test::worker;
using weir::park::timeout;

const timeout now = timeout::after({});

// Objects, and how a wait wants them.
struct many {
  explicit many(std::size_t n, bool manual = false) {
    for (std::size_t i = 0; i < n; ++i) {
      events.push_back(manual ? event::manual() : event::automatic());
    }
    for (const event& e : events) each.push_back(&e);
  }
  std::vector<event> events;
  std::vector<const object*> each;
};

TEST_CASE("55 56 a wait has one to 64 objects") {
  many m(65);
  const std::span<const object* const> all(m.each);
  m.events[63].set();
  CHECK(wait_any(all.first(0), now) == status::invalid_parameter_1);
  CHECK(wait_all(all.first(0), now) == status::invalid_parameter_1);
  CHECK(wait_any(all, now) == status::invalid_parameter_1);
  CHECK(wait_all(all, now) == status::invalid_parameter_1);
  CHECK(m.events[63].query() == 1);
  CHECK(wait_all(all.first(64), now) == status::timeout);
  CHECK(wait_any(all.first(64), now) == wait_index(63));
  CHECK(wait_any(all.first(64), now) == status::timeout);
  for (event& e : m.events) e.set();
  CHECK(wait_all(all.first(64), now) == status::wait_0);
  CHECK(m.events[0].query() + m.events[63].query() == 0);
  CHECK(m.events[64].query() == 1);
}

TEST_CASE("56 a thread blocks on 64 objects and is let through by the last one") {
  many m(64);
  for (const bool all : {false, true}) {
    status told{};
    worker w;
    w.begin([&] { told = all ? wait_all(m.each) : wait_any(m.each); });
    REQUIRE(w.is_blocked_eventually());
    for (std::size_t i = 0; all && i < 63; ++i) {
      m.events[i].set();
      CHECK(w.is_blocked());
    }
    m.events[63].set();
    CHECK(w.is_over_eventually());
    CHECK(told == (all ? status::wait_0 : wait_index(63)));
    for (const event& e : m.events) CHECK(e.query() == 0);
  }
}

TEST_CASE("57 the lowest one that is signaled is taken, and no other") {
  many m(4);
  m.events[1].set();
  m.events[3].set();
  CHECK(wait_any(m.each, now) == wait_index(1));
  CHECK(m.events[3].query() == 1);
  CHECK(wait_any(m.each, now) == wait_index(3));
  CHECK(wait_any(m.each, now) == status::timeout);
}

TEST_CASE("62 of any, an object may be there twice: the lower one counts") {
  event e = event::automatic();
  event other = event::automatic();
  CHECK(wait_any({&other, &e, &e}, now) == status::timeout);
  e.set();
  CHECK(wait_any({&other, &e, &e}, now) == wait_index(1));
  status told{};
  worker w;
  w.begin([&] { told = wait_any({&other, &e, &other, &e}); });
  REQUIRE(w.is_blocked_eventually());
  e.set();
  CHECK(w.is_over_eventually());
  CHECK(told == wait_index(1));
  CHECK(e.query() == 0);
}

TEST_CASE("63 of all, an object must not be there twice") {
  event e = event::manual(true);
  event other = event::automatic();
  CHECK(wait_all({&e, &e}) == status::invalid_parameter_mix);
  CHECK(wait_all({&other, &e, &e}, now) == status::invalid_parameter_mix);
  CHECK(wait_all({&e, &other, &e}, now) == status::invalid_parameter_mix);
  CHECK(e.query() == 1);
}

TEST_CASE("64 65 of all, all are taken or nothing is") {
  event e = event::automatic(true);
  semaphore s = semaphore::make(1, 1);
  mutant m = mutant::make();
  event missing = event::automatic();
  CHECK(wait_all({&e, &s, &m, &missing}, now) == status::timeout);
  CHECK(wait_all({&e, &s, &m, &missing}, timeout::at(0s)) == status::timeout);
  CHECK(e.query() == 1);
  CHECK(s.query() == 1);
  CHECK(m.query().count == 1);
  missing.set();
  CHECK(wait_all({&e, &s, &m, &missing}, now) == status::wait_0);
  CHECK(e.query() + s.query() + missing.query() == 0);
  CHECK(m.query().owned);
  CHECK(m.release() == status::success);
}

TEST_CASE("66 67 of all, what was there once is to be there again") {
  many m(2);
  event manual = event::manual(true);
  status told{};
  worker w;
  w.begin([&] { told = wait_all({&m.events[0], &m.events[1], &manual}); });
  REQUIRE(w.is_blocked_eventually());
  m.events[0].set();
  CHECK(wait(m.events[0], now) == status::wait_0);
  m.events[1].set();
  CHECK(w.is_blocked());
  manual.reset();
  m.events[0].set();
  CHECK(w.is_blocked());
  manual.set();
  CHECK(w.is_over_eventually());
  CHECK(told == status::wait_0);
  CHECK(m.events[0].query() + m.events[1].query() == 0);
  CHECK(manual.query() == 1);
}

TEST_CASE("68 of all, a mutant that the thread owns is owned once more") {
  mutant m = mutant::make(true);
  event e = event::automatic(true);
  CHECK(wait_all({&m, &e}, now) == status::wait_0);
  CHECK(m.query().count == -1);
  CHECK(m.release() == status::success);
  CHECK(m.release() == status::success);
  CHECK(m.release() == status::mutant_not_owned);
  // The same from the queue.
  std::int32_t count = 0;
  worker w;
  w.begin([&] {
    static_cast<void>(wait(m));
    static_cast<void>(wait_all({&m, &e}));
    count = m.query().count;
    static_cast<void>(m.release());
    static_cast<void>(m.release());
  });
  REQUIRE(w.is_blocked_eventually());
  CHECK(e.set() == 0);
  CHECK(w.is_over_eventually());
  CHECK(count == -1);
  CHECK(m.query().count == 1);
}

TEST_CASE("73 74 what a thread waits for stays, whoever drops it, and nothing takes its place") {
  const std::uint32_t before = detail::own_segment().objects();
  auto gone = std::make_unique<event>(event::automatic());
  detail::native_cell& its = gone->cell();
  const std::uint32_t generation = its.generation;
  event other = event::automatic();
  status told{};
  worker w;
  w.begin([&, both = std::array<const object*, 2>{gone.get(), &other}] { told = wait_any(both); });
  REQUIRE(w.is_blocked_eventually());
  gone.reset();
  std::vector<event> next;
  next.reserve(100);
  for (int i = 0; i < 100; ++i) next.push_back(event::automatic(true));
  CHECK(w.is_blocked());
  CHECK(its.generation == generation);
  other.set();
  CHECK(w.is_over_eventually());
  CHECK(told == wait_index(1));
  CHECK(its.generation == generation + 1);
  next.clear();
  other.close();
  CHECK(detail::own_segment().objects() == before);
}

TEST_CASE("75 76 77 a time of zero, none, and a time that has passed") {
  event e = event::automatic();
  CHECK(wait(e, now) == status::timeout);
  CHECK(wait(e, timeout::at(1s)) == status::timeout);
  for (const timeout& t : {now, timeout::at(1s), timeout::never(), timeout::after(1h)}) {
    e.set();
    CHECK(wait(e, t) == status::wait_0);
    e.set();
    CHECK(wait_any({&e}, t) == status::wait_0);
    e.set();
    CHECK(wait_all({&e}, t) == status::wait_0);
  }
}

TEST_CASE("77 NT's time: never, from now, a moment, and what is too long") {
  const auto polls = [](std::int64_t t) { return timeout_of(&t).only_polls(); };
  CHECK(timeout_of(nullptr).is_never());
  CHECK(polls(0));
  CHECK_FALSE(polls(-1));
  const auto system = weir::park::system_clock();
  const auto at = [&](std::int64_t t) { return timeout_of(&t).from(system); };
  using kind = weir::park::deadline::kind;
  CHECK(at(-10'000'000).what() == kind::monotonic);
  CHECK(at(116'444'736'000'000'000 + 15).what() == kind::wall);
  CHECK(at(116'444'736'000'000'000 + 15).at() == 1500ns);
  CHECK(at(1).at() < 0ns);  // in 1601
  CHECK(at(1).passed());
  CHECK(at(std::numeric_limits<std::int64_t>::max()).at() == std::chrono::nanoseconds::max());
  CHECK(at(std::numeric_limits<std::int64_t>::min()).at() == std::chrono::nanoseconds::max());
  CHECK(ticks(7) == 700ns);
}

TEST_CASE("78 a moment of the wall clock ends a wait when it comes") {
  event e = event::automatic();
  const auto then = std::chrono::system_clock::now() + 30ms;
  CHECK(wait(e, timeout::at(then)) == status::timeout);
  CHECK(std::chrono::system_clock::now() >= then);
}

TEST_CASE("79 a step of the wall clock moves a moment, and no time from now") {
  weir::test::test_clock clock;
  detail::own_segment().measure_by(&clock);
  {
    const auto wall = clock.wall(clock);
    event e = event::automatic();
    std::array<status, 2> told{};
    std::array<worker, 2> w;
    w[0].begin([&] { told[0] = wait(e, timeout::at(wall + 1h)); });
    w[1].begin([&] { told[1] = wait(e, timeout::after(1h)); });
    for (const worker& one : w) REQUIRE(one.is_blocked_eventually());
    clock.step(2h);
    CHECK(w[0].is_over_eventually());
    CHECK(told[0] == status::timeout);
    CHECK(clock.was_seen());
    CHECK(w[1].is_blocked());
    clock.pass(2h);
    CHECK(w[1].is_over_eventually());
    CHECK(told[1] == status::timeout);
  }
  detail::own_segment().measure_by(nullptr);
}

TEST_CASE("82 those who wait for any and for all stand in one line") {
  event e = event::automatic();
  event other = event::automatic(true);
  std::array<status, 3> told{};
  std::array<worker, 3> w;
  w[0].begin([&] { told[0] = wait(e); });
  REQUIRE(w[0].is_blocked_eventually());
  w[1].begin([&] { told[1] = wait_all({&e, &other}); });
  REQUIRE(w[1].is_blocked_eventually());
  w[2].begin([&] { told[2] = wait(e); });
  REQUIRE(w[2].is_blocked_eventually());
  e.set();
  CHECK(w[0].is_over_eventually());
  CHECK(w[1].is_blocked());
  CHECK(other.query() == 1);
  e.set();
  CHECK(w[1].is_over_eventually());
  CHECK(w[2].is_blocked());
  CHECK(other.query() == 0);
  e.set();
  CHECK(w[2].is_over_eventually());
}

TEST_CASE("82 a wait for all that cannot go through lets others past, and keeps its place") {
  event e = event::automatic();
  event other = event::automatic();
  std::array<worker, 2> w;
  w[0].begin([&] { static_cast<void>(wait_all({&e, &other})); });
  REQUIRE(w[0].is_blocked_eventually());
  w[1].begin([&] { static_cast<void>(wait(e)); });
  REQUIRE(w[1].is_blocked_eventually());
  e.set();
  CHECK(w[1].is_over_eventually());
  CHECK(w[0].is_blocked());
  w[1].begin([&] { static_cast<void>(wait(e)); });
  REQUIRE(w[1].is_blocked_eventually());
  other.set();
  e.set();
  CHECK(w[0].is_over_eventually());
  CHECK(w[1].is_blocked());
  e.set();
  CHECK(w[1].is_over_eventually());
}

TEST_CASE("84 a waiter whose time is up is out of the line") {
  weir::test::test_clock clock;
  detail::own_segment().measure_by(&clock);
  {
    event e = event::automatic();
    std::array<status, 2> told{};
    std::array<worker, 2> w;
    w[0].begin([&] { told[0] = wait(e, timeout::after(1s)); });
    REQUIRE(w[0].is_blocked_eventually());
    w[1].begin([&] { told[1] = wait(e); });
    REQUIRE(w[1].is_blocked_eventually());
    clock.pass(2s);
    CHECK(w[0].is_over_eventually());
    CHECK(told[0] == status::timeout);
    e.set();
    CHECK(w[1].is_over_eventually());
    CHECK(told[1] == status::wait_0);
  }
  detail::own_segment().measure_by(nullptr);
}

TEST_CASE("95 96 102 a signal and then a wait") {
  event e = event::automatic();
  event there = event::manual(true);
  CHECK((e.set(), wait(there)) == status::wait_0);
  e.reset();
  for (int i = 0; i < 10'000; ++i) REQUIRE((e.set(), wait(e)) == status::wait_0);
  event absent = event::automatic();
  CHECK((e.set(), wait(absent, now)) == status::timeout);
  CHECK(e.query() == 1);
}

}  // namespace
