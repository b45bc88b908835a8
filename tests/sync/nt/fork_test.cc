// A process that was forked off makes objects of its own; its parent's are as they were.
#include <memory>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/sync/nt/worker.h"
#include "weir/sync/nt/objects.h"

namespace {

using namespace weir::nt;
using weir::nt::test::worker;
using weir::test::forked;
using weir::test::unless;

const weir::park::timeout now = weir::park::timeout::after({});

int use_new_objects() {
  event e = event::automatic();
  event other = event::manual(true);
  mutant m = mutant::make(true);
  int wrong = unless(e && other && m, "an object is made");
  wrong += unless(e.set() == 0 && wait_all({&e, &other, &m}, now) == status::wait_0, "all are taken");
  wrong += unless(m.query().count == -1 && m.query().owned, "a mutant is the thread's");
  wrong += unless(wait(e, weir::park::timeout::after(std::chrono::milliseconds(1))) == status::timeout, "time is up");
  wrong += unless(m.release() == status::success && m.release() == status::success, "it is given back");
  return wrong;
}

TEST_CASE("a child makes objects of its own", "[fork]") {
  event e = event::automatic();
  mutant m = mutant::make(true);
  worker w;
  status told{};
  w.begin([&] { told = wait_any({&e, &m}); });
  REQUIRE(w.is_blocked_eventually());
  CHECK(forked(&use_new_objects).summary() == "exit 0");
  CHECK(w.is_blocked());
  CHECK(m.query().owned);
  CHECK(m.release() == status::success);
  CHECK(w.is_over_eventually());
  CHECK(told == wait_index(1));
}

TEST_CASE("a child of a process in the middle of many calls makes objects of its own", "[fork]") {
  event over = event::manual();
  std::array<worker, 2> busy;
  for (worker& w : busy) {
    w.begin([&] {
      while (wait(over, now) == status::timeout) {
        event a = event::automatic(true);
        event b = event::automatic(true);
        static_cast<void>(wait_all({&a, &b}, now));
      }
    });
  }
  for (int i = 0; i < 50; ++i) CHECK(forked(&use_new_objects).summary() == "exit 0");
  over.set();
  for (worker& w : busy) CHECK(w.is_over_eventually());
}

}  // namespace
