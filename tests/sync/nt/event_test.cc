// Events, by the numbers of the list in README.md: one thread, and threads that wait.
#include <array>
#include <deque>
#include <vector>

#include "tests/support/catch.h"
#include "tests/sync/nt/worker.h"
#include "weir/sync/nt/objects.h"

namespace {

using namespace weir::nt;
using weir::nt::test::worker;
using weir::park::timeout;

const timeout now = timeout::after({});

TEST_CASE("2 3 an event is made as it is asked for, and queried without being changed") {
  CHECK(event::manual().query() == 0);
  CHECK(event::automatic().query() == 0);
  const event set = event::automatic(true);
  CHECK(set.query() == 1);
  CHECK(set.query() == 1);
  CHECK(event::manual(true).query() == 1);
}

TEST_CASE("4 5 8 set and reset tell the state before") {
  std::array both{event::automatic(), event::manual()};
  for (event& e : both) {
    CHECK(e.set() == 0);
    CHECK(e.set() == 1);
    CHECK(e.query() == 1);
    CHECK(e.reset() == 1);
    CHECK(e.reset() == 0);
    CHECK(e.query() == 0);
  }
}

TEST_CASE("6 7 a pulse with nobody there leaves an event unsignaled") {
  std::array both{event::automatic(), event::manual()};
  for (event& e : both) {
    CHECK(e.pulse() == 0);
    CHECK(e.query() == 0);
    e.set();
    CHECK(e.pulse() == 1);
    CHECK(e.query() == 0);
  }
}

TEST_CASE("9 a wait takes an auto event") {
  const event e = event::automatic(true);
  CHECK(wait(e, now) == status::wait_0);
  CHECK(e.query() == 0);
  CHECK(wait(e, now) == status::timeout);
}

TEST_CASE("10 a wait leaves a manual event as it is") {
  const event e = event::manual(true);
  for (int i = 0; i < 3; ++i) CHECK(wait(e, now) == status::wait_0);
  CHECK(e.query() == 1);
}

// Some threads that wait for the same event.
struct crowd {
  explicit crowd(const event& e, int n) : told(static_cast<std::size_t>(n)) {
    for (status& s : told) {
      workers.emplace_back().begin([&s, &e] { s = wait(e); });
      REQUIRE(workers.back().is_blocked_eventually());
    }
  }
  // The first n are over, and the others are blocked.
  [[nodiscard]] bool are_through(std::size_t n) const {
    bool right = true;
    for (std::size_t i = 0; i < workers.size(); ++i) {
      right = right && (i < n ? workers[i].is_over_eventually() && told[i] == status::wait_0 : workers[i].is_blocked());
    }
    return right;
  }
  std::vector<status> told;
  std::deque<worker> workers;
};

TEST_CASE("11 81 set lets the first of those through who wait for an auto event") {
  event e = event::automatic();
  const crowd c(e, 3);
  for (std::size_t i = 1; i <= 3; ++i) {
    CHECK(e.set() == 0);
    CHECK(e.query() == 0);
    CHECK(c.are_through(i));
  }
  CHECK(e.set() == 0);
  CHECK(e.query() == 1);
}

TEST_CASE("12 set lets all through who wait for a manual event") {
  event e = event::manual();
  const crowd c(e, 3);
  CHECK(e.set() == 0);
  CHECK(e.query() == 1);
  CHECK(c.are_through(3));
}

TEST_CASE("13 a pulse of an auto event lets one through") {
  event e = event::automatic();
  const crowd c(e, 2);
  CHECK(e.pulse() == 0);
  CHECK(e.query() == 0);
  CHECK(c.are_through(1));
  CHECK(e.pulse() == 0);
  CHECK(c.are_through(2));
}

TEST_CASE("14 a pulse of a manual event lets all through") {
  event e = event::manual();
  const crowd c(e, 3);
  CHECK(e.pulse() == 0);
  CHECK(e.query() == 0);
  CHECK(c.are_through(3));
}

TEST_CASE("14 83 who waits again after a pulse waits, and is the last") {
  event e = event::automatic();
  std::array<status, 3> told{};
  worker a;
  worker b;
  a.begin([&] {
    told[0] = wait(e);
    told[1] = wait(e);
  });
  REQUIRE(a.is_blocked_eventually());
  b.begin([&] { told[2] = wait(e); });
  REQUIRE(b.is_blocked_eventually());
  e.pulse();
  REQUIRE(a.is_last_eventually(e.cell()));
  e.pulse();
  CHECK(b.is_over_eventually());
  CHECK(a.is_blocked());
  e.pulse();
  CHECK(a.is_over_eventually());
  CHECK(told == std::array{status::wait_0, status::wait_0, status::wait_0});
}

TEST_CASE("16 a pulse can satisfy a wait for all whose other objects are there") {
  event e = event::manual();
  event other = event::automatic(true);
  status told{};
  worker w;
  w.begin([&] { told = wait_all({&e, &other}); });
  REQUIRE(w.is_blocked_eventually());
  CHECK(e.pulse() == 0);
  CHECK(w.is_over_eventually());
  CHECK(told == status::wait_0);
  CHECK(e.query() == 0);
  CHECK(other.query() == 0);
}

TEST_CASE("17 a pulse does not satisfy half of a wait for all") {
  event e = event::manual();
  event other = event::automatic();
  worker w;
  w.begin([&] { static_cast<void>(wait_all({&e, &other})); });
  REQUIRE(w.is_blocked_eventually());
  CHECK(e.pulse() == 0);
  CHECK(e.query() == 0);
  CHECK(w.is_blocked());
  other.set();
  CHECK(w.is_blocked());
  CHECK(e.set() == 0);
  CHECK(w.is_over_eventually());
}

}  // namespace
