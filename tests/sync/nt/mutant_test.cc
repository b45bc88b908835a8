// Mutants, by the numbers of the list in README.md.
#include <atomic>
#include <limits>
#include <memory>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/worker.h"
#include "weir/sync/nt/objects.h"

namespace {

using namespace weir::nt;
using weir::nt::test::worker;
using weir::park::timeout;

const timeout now = timeout::after({});

// Of the calling thread: count, owned, abandoned.
bool is(const mutant& m, std::int32_t count, bool owned, bool abandoned) {
  const mutant::state s = m.query();
  return s.count == count && s.owned == owned && s.abandoned == abandoned;
}

TEST_CASE("35 36 37 an owner counts how often it has it") {
  mutant m = mutant::make(true);
  CHECK(is(m, 0, true, false));
  CHECK(wait(m, now) == status::wait_0);
  CHECK(is(m, -1, true, false));
  std::int32_t before = 77;
  CHECK(m.release(&before) == status::success);
  CHECK(before == -1);
  CHECK(m.release(&before) == status::success);
  CHECK(before == 0);
  CHECK(is(m, 1, false, false));
}

TEST_CASE("38 39 only its owner releases a mutant") {
  mutant m = mutant::make();
  std::int32_t before = 77;
  CHECK(m.release(&before) == status::mutant_not_owned);
  worker w;
  REQUIRE(w.run([&] {
    static_cast<void>(wait(m));
    static_cast<void>(wait(m));
  }));
  CHECK(m.release(&before) == status::mutant_not_owned);
  CHECK(before == 77);
  CHECK(wait(m, now) == status::timeout);
  CHECK(is(m, -1, false, false));
}

TEST_CASE("52 whether it is owned is the caller's matter, and how often is not") {
  mutant m = mutant::make();
  worker w;
  bool its_own = false;
  for (std::int32_t n = 0; n < 5; ++n) {
    REQUIRE(w.run([&] {
      static_cast<void>(wait(m));
      its_own = m.query().owned;
    }));
    CHECK(its_own);
    CHECK(is(m, -n, false, false));
  }
}

TEST_CASE("40 41 42 43 the end of an owner abandons a mutant, and the next one is told") {
  mutant m = mutant::make();
  auto w = std::make_unique<worker>();
  REQUIRE(w->run([&] {
    static_cast<void>(wait(m));
    static_cast<void>(wait(m));
    static_cast<void>(wait(m));
  }));
  w.reset();
  CHECK(is(m, 1, false, true));
  CHECK(wait(m, now) == status::abandoned_wait_0);
  CHECK(is(m, 0, true, false));
  CHECK(wait(m, now) == status::wait_0);
  CHECK(m.release() == status::success);
  CHECK(m.release() == status::success);
  CHECK(is(m, 1, false, false));
}

TEST_CASE("44 an abandoned mutant can be abandoned again") {
  mutant m = mutant::make();
  for (int i = 0; i < 2; ++i) {
    worker w;
    status told{};
    REQUIRE(w.run([&] { told = wait(m); }));
    CHECK(told == (i == 0 ? status::wait_0 : status::abandoned_wait_0));
  }
  CHECK(wait(m, now) == status::abandoned_wait_0);
  CHECK(m.release() == status::success);
}

TEST_CASE("45 46 abandonment lets a waiter through, which is told by its index") {
  mutant m = mutant::make();
  event never = event::automatic();
  auto owner = std::make_unique<worker>();
  REQUIRE(owner->run([&] { static_cast<void>(wait(m)); }));
  worker waiter;
  status told{};
  waiter.begin([&] { told = wait_any({&never, &m}); });
  REQUIRE(waiter.is_blocked_eventually());
  owner.reset();
  CHECK(waiter.is_over_eventually());
  CHECK(told == static_cast<status>(0x81));
  CHECK(is(m, 0, false, false));
}

TEST_CASE("46 47 an abandoned mutant is told of by its index, or, of all, as such") {
  mutant m = mutant::make();
  event e = event::manual(true);
  worker().begin([&] { static_cast<void>(wait(m)); });
  CHECK(wait_any({&e, &m}, now) == status::wait_0);
  CHECK(wait_all({&e, &m}, now) == status::abandoned_wait_0);
  CHECK(wait_all({&e, &m}, now) == status::wait_0);
  CHECK(m.release() == status::success);
  CHECK(m.release() == status::success);
  worker().begin([&] { static_cast<void>(wait(m)); });
  e.reset();
  CHECK(wait_any({&e, &m}, now) == static_cast<status>(0x81));
  CHECK(m.release() == status::success);
}

TEST_CASE("47 a waiter for all is told of a mutant that is abandoned to it") {
  mutant m = mutant::make();
  event e = event::automatic(true);
  auto owner = std::make_unique<worker>();
  REQUIRE(owner->run([&] { static_cast<void>(wait(m)); }));
  worker waiter;
  status told{};
  waiter.begin([&] { told = wait_all({&e, &m}); });
  REQUIRE(waiter.is_blocked_eventually());
  CHECK(e.query() == 1);
  owner.reset();
  CHECK(waiter.is_over_eventually());
  CHECK(told == status::abandoned_wait_0);
  CHECK(e.query() == 0);
}

TEST_CASE("53 the last release lets one through, and no other") {
  mutant m = mutant::make(true);
  CHECK(wait(m, now) == status::wait_0);
  worker a;
  worker b;
  a.begin([&] { static_cast<void>(wait(m)); });
  REQUIRE(a.is_blocked_eventually());
  b.begin([&] { static_cast<void>(wait(m)); });
  REQUIRE(b.is_blocked_eventually());
  CHECK(m.release() == status::success);
  CHECK(a.is_blocked());
  CHECK(m.release() == status::success);
  CHECK(a.is_over_eventually());
  CHECK(b.is_blocked());
  CHECK(m.release() == status::mutant_not_owned);
  REQUIRE(a.run([&] { static_cast<void>(m.release()); }));
  CHECK(b.is_over_eventually());
}

TEST_CASE("54 a mutant is owned 2^31 + 1 times at most") {
  mutant m = mutant::make(true);
  m.cell().recursion.store(detail::most_recursion - 1, std::memory_order_relaxed);  // our own
  CHECK(wait(m, now) == status::wait_0);
  CHECK(m.query().count == std::numeric_limits<std::int32_t>::min());
  event e = event::manual(true);
  CHECK(wait(m, now) == status::mutant_limit_exceeded);
  CHECK(wait_any({&m, &e}, now) == status::mutant_limit_exceeded);
  CHECK(wait_any({&e, &m}, now) == status::wait_0);
  CHECK(wait_all({&e, &m}) == status::mutant_limit_exceeded);
  CHECK(wait_all({&m, &e}) == status::mutant_limit_exceeded);
  CHECK(m.query().count == std::numeric_limits<std::int32_t>::min());
  m.cell().recursion.store(1, std::memory_order_relaxed);  // our own
  CHECK(m.release() == status::success);
}

TEST_CASE("a mutant without references is its owner's until that gives it back, or ends") {
  const std::uint32_t before = detail::own_segment().objects();
  {
    auto owner = std::make_unique<worker>();
    auto m = std::make_unique<mutant>(mutant::make());
    REQUIRE(owner->run([&] { static_cast<void>(wait(*m)); }));
    m.reset();
    CHECK(detail::own_segment().objects() == before + 1);
    owner.reset();
    CHECK(detail::own_segment().objects() == before);
  }
  // One that a thread is waiting for meanwhile.
  auto owner = std::make_unique<worker>();
  auto m = std::make_unique<mutant>(mutant::make());
  REQUIRE(owner->run([&] { static_cast<void>(wait(*m)); }));
  status told{};
  worker waiter;
  waiter.begin([&] { told = wait(*m); });
  REQUIRE(waiter.is_blocked_eventually());
  m.reset();
  owner.reset();
  CHECK(waiter.is_over_eventually());
  CHECK(told == status::abandoned_wait_0);
  CHECK(detail::own_segment().objects() == before + 1);
  waiter.stop();
  CHECK(detail::own_segment().objects() == before);
}

// A signaler may still lock a cell for the sake of the object that it was before.
TEST_CASE("35 one that is made owned is, whoever locks its cell meanwhile") {
  detail::segment& seg = detail::own_segment();
  detail::native_cell& again = mutant::make().cell();  // it is gone at once, and its cell the next to be used
  std::atomic<bool> over{false};
  worker signaler;
  signaler.begin([&] {
    while (!over.load(std::memory_order_relaxed)) {
      detail::word::bits w = 0;
      if (detail::try_lock(seg, again, w)) detail::unlock(seg, again, w);
    }
  });
  int wrong = 0;
  for (int i = 0; i < weir::test::scaled(20'000); ++i) {
    mutant m = mutant::make(true);
    if (&m.cell() != &again || !is(m, 0, true, false) || m.release() != status::success) ++wrong;
  }
  over.store(true, std::memory_order_relaxed);
  CHECK(signaler.is_over_eventually());
  CHECK(wrong == 0);
}

// As above, step by step: the maker does not go on without it.
TEST_CASE("35 who has made it owned gets it when its cell has been given back") {
  detail::segment& seg = detail::own_segment();
  const mutant m = mutant::make();
  const detail::word::bits w = detail::lock(seg, m.cell());
  std::atomic<bool> there{false};
  bool owned = false;
  worker maker;
  maker.begin([&] {
    there.store(true, std::memory_order_relaxed);
    seg.give(m.cell(), *detail::self());
    owned = is(m, 0, true, false);
  });
  REQUIRE(weir::test::eventually([&] { return there.load(std::memory_order_relaxed); }));
  for (int i = 0; i < 100; ++i) std::this_thread::yield();  // so that it finds it locked, most of the time
  detail::unlock(seg, m.cell(), w);
  CHECK(maker.is_over_eventually());
  CHECK(owned);
}

}  // namespace
