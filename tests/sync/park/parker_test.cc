// What every parker owes: one typed suite over all that this system can build.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "tests/sync/park/clock.h"
#include "tests/sync/park/parkers.h"
#include "tests/sync/park/sleeper.h"
#include "weir/sync/park/timeout.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
namespace park = weir::park;
using park::deadline;
using park::timeout;
using std::chrono::nanoseconds;
using kind = deadline::kind;

// Later than what is waited for; only a wake that is lost reaches it.
deadline late() { return soon(weir::test::deadline(), kind::monotonic); }

TEST_CASE("native is one of them") {
  std::printf("native: %s\n", park::native::name);
  CHECK(std::string(park::native::name) != "");
}

TEMPLATE_TEST_CASE("an unpark that comes before the park is not lost", "", WEIR_ALL_PARKERS) {
  sleeper<TestType> s;
  TestType& p = s.parker();
  for (int round = 0; round < 100; ++round) {
    weir::atomic<std::uint32_t> word{1};
    REQUIRE(p.prepare());
    word.store(2, std::memory_order_relaxed);  // one thread plays all
    p.unpark(word);
    CHECK(p.park(word, 1, deadline::never()));
    p.finish(true);
    CHECK_FALSE(p.failure());
  }
}

TEMPLATE_TEST_CASE("nothing of a wait is left to the next one", "", WEIR_ALL_PARKERS) {
  TestType p;
  for (int round = 0; round < 20; ++round) {
    weir::atomic<std::uint32_t> word{1};
    REQUIRE(p.prepare());
    word.store(2, std::memory_order_relaxed);  // one thread plays all
    p.unpark(word);
    p.finish(true);  // without having looked whether it has come
    REQUIRE(p.prepare());
    word.store(1, std::memory_order_relaxed);
    const deadline until = soon(1ms, kind::monotonic);
    int wakes = 0;
    while (p.park(word, 1, until)) ++wakes;
    CHECK(until.passed());
    CHECK(wakes <= 1);  // a timer that is a little early
    p.finish(false);
  }
}

TEMPLATE_TEST_CASE("a thread that sleeps is woken, and sees what was written before", "", WEIR_ALL_PARKERS) {
  sleeper<TestType> s;
  const int rounds = scaled(2000);
  int written = 0;  // plain
  std::atomic<int> begun{0};
  crew threads;
  threads.add([&] {
    for (int i = 1; i <= rounds; ++i) {
      s.begin();
      begun.store(i, std::memory_order_release);
      if (s.wait(late()) != woken::done) return fail("it was not woken");
      if (written != i) return fail("it has not seen what was written before the wake");
    }
  });
  for (int i = 1; i <= rounds; ++i) {
    REQUIRE(eventually([&] { return begun.load(std::memory_order_acquire) == i; }));
    if (i % 4 != 0) REQUIRE(eventually([&] { return s.is_parked(); }));  // else: whoever is first
    written = i;
    REQUIRE(s.wake());
  }
  CHECK(threads.join() == "");
}

TEMPLATE_TEST_CASE("a thread that would sleep for ever is woken, once", "", WEIR_ALL_PARKERS) {
  sleeper<TestType> s;
  for (int i = 0; i < scaled(200); ++i) {
    s.begin();
    crew threads;
    threads.add([&] {
      if (s.wait(deadline::never()) != woken::done) fail("it was not woken");
    });
    const bool slept = eventually([&] { return s.is_parked(); });
    CHECK(s.wake());
    CHECK_FALSE(s.wake());
    CHECK(slept);
    CHECK(threads.join() == "");
  }
}

TEMPLATE_TEST_CASE("a deadline is kept, and never early", "", WEIR_ALL_PARKERS) {
  const kind by = GENERATE(kind::monotonic, kind::wall);
  sleeper<TestType> s;
  for (const nanoseconds time : {0ns, 1ns, 999ns, 20'000ns, 1'000'000ns, 3'000'001ns, 15'000'000ns}) {
    for (int round = 0; round < 5; ++round) {
      const deadline until = soon(time, by);
      s.begin();
      CHECK(s.wait(until) == woken::timed_out);
      CHECK(until.passed());
    }
  }
}

TEMPLATE_TEST_CASE("what has passed long ago does not wait", "", WEIR_ALL_PARKERS) {
  const park::clock& system = park::system_clock();
  sleeper<TestType> s;
  for (const nanoseconds at : {nanoseconds::min(), nanoseconds(-1), nanoseconds(0), nanoseconds(1)}) {
    s.begin();
    CHECK(s.wait(deadline::wall(at, system)) == woken::timed_out);
    s.begin();
    CHECK(s.wait(deadline::monotonic(at, system)) == woken::timed_out);
  }
  s.begin();
  CHECK(s.wait(timeout::after(-1h).from(system)) == woken::timed_out);
}

TEMPLATE_TEST_CASE("a deadline that is as far as can be said is waited for", "", WEIR_ALL_PARKERS) {
  const park::clock& system = park::system_clock();
  sleeper<TestType> s;
  for (const deadline until :
       {deadline::wall(nanoseconds::max(), system), deadline::monotonic(nanoseconds::max(), system)}) {
    s.begin();
    crew threads;
    threads.add([&] {
      if (s.wait(until) != woken::done) fail("it came too early");
    });
    CHECK(eventually([&] { return s.is_parked(); }));
    CHECK(s.wake());
    CHECK(threads.join() == "");
  }
}

// A thread that waits by a test's clock.
template <class P>
struct by_clock {
  test_clock clock;
  sleeper<P> s;
  std::atomic<bool> over{false};
  woken how = woken::refused;
  crew threads;

  explicit by_clock(timeout t) {
    s.begin();
    threads.add([this, until = t.from(clock)] {
      how = s.wait(until);
      over.store(true, std::memory_order_release);
    });
  }
  // It has looked at the clock, and sleeps still.
  bool sleeps_on() { return clock.was_seen() && !over.load(std::memory_order_acquire) && s.is_parked(); }
  std::string end() {
    const std::string failures = threads.join();
    return failures + (how == woken::timed_out ? "" : "it has not timed out");
  }
};

TEMPLATE_TEST_CASE("a step of the wall clock does not move a relative wait", "", WEIR_ALL_PARKERS) {
  by_clock<TestType> w(timeout::after(1h));
  CHECK(w.sleeps_on());
  w.clock.step(24h * 365);
  CHECK(w.sleeps_on());
  w.clock.step(-24h * 365 * 2);
  CHECK(w.sleeps_on());
  w.clock.pass(1h - 1ns);
  CHECK(w.sleeps_on());
  w.clock.pass(1ns);
  CHECK(w.end() == "");
}

TEMPLATE_TEST_CASE("a step of the wall clock moves an absolute wait", "", WEIR_ALL_PARKERS) {
  const nanoseconds start = [] {
    const test_clock c;
    return c.wall(c);
  }();
  SECTION("forwards: it ends") {
    by_clock<TestType> w(timeout::at(start + 24h));
    CHECK(w.sleeps_on());
    w.clock.step(24h - 1ns);
    CHECK(w.sleeps_on());
    w.clock.step(1ns);
    CHECK(w.end() == "");
  }
  SECTION("backwards: it is longer") {
    by_clock<TestType> w(timeout::at(start + 24h));
    w.clock.step(-48h);
    w.clock.pass(24h);
    CHECK(w.sleeps_on());
    w.clock.pass(48h - 1ns);
    CHECK(w.sleeps_on());
    w.clock.pass(1ns);
    CHECK(w.end() == "");
  }
}

// A wake, and a time-out at about the same time. One of them has it, and the other knows.
template <class P>
void check_race(int rounds, unsigned seed) {
  struct side {
    sleeper<P> s;
    std::atomic<int> begun{0};
    std::atomic<int> over{0};
    std::atomic<int> left{0};  // by the waker: the next round can begin
    int woke = 0;              // plain: what the waiter reads was written before its wake
  } both;
  int done = 0;
  int timed_out = 0;
  crew threads;
  threads.add([&] {
    unsigned random = seed;
    for (int i = 1; i <= rounds; ++i) {
      random = random * 1664525 + 1013904223;
      while (both.left.load(std::memory_order_acquire) < i - 1) std::this_thread::yield();
      both.s.begin();
      both.begun.store(i, std::memory_order_release);
      const woken how = both.s.wait(soon(nanoseconds((random >> 8) % 60'000), kind::monotonic));
      if (how == woken::done && both.woke != i) fail("it was woken by nobody");
      ++(how == woken::done ? done : timed_out);
      both.over.store(i, std::memory_order_release);
    }
  });
  int won = 0;
  unsigned random = seed * 7 + 1;
  for (int i = 1; i <= rounds; ++i) {
    while (both.begun.load(std::memory_order_acquire) < i) std::this_thread::yield();
    random = random * 1664525 + 1013904223;
    const deadline until = soon(nanoseconds((random >> 8) % 180'000), kind::monotonic);
    while (!until.passed() && both.over.load(std::memory_order_relaxed) < i) weir::port::relax();
    both.woke = i;  // the waiter reads it only if the wake comes first
    won += both.s.wake() ? 1 : 0;
    while (both.over.load(std::memory_order_acquire) < i) std::this_thread::yield();
    both.left.store(i, std::memory_order_release);
  }
  CHECK(threads.join() == "");
  CHECK(done == won);
  CHECK(done + timed_out == rounds);
  std::printf("%s: %d woken, %d timed out\n", P::name, done, timed_out);
}

TEMPLATE_TEST_CASE("of a wake and a time-out one wins, and both know which", "", WEIR_ALL_PARKERS) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    check_race<TestType>(scaled(2000), seed);
  }
}

TEMPLATE_TEST_CASE("... over many rounds", "[long]", WEIR_ALL_PARKERS) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    check_race<TestType>(scaled(100'000), seed);
  }
}

// Threads in a ring, each woken by the one before it: a wake that is lost is a hang, which the deadline shows.
template <class P>
void check_ring(int threads, int rounds) {
  std::vector<sleeper<P>> ring(static_cast<std::size_t>(threads));
  for (auto& s : ring) s.begin();
  crew all;
  for (int i = 0; i < threads; ++i) {
    all.add([&, i] {
      auto& mine = ring[static_cast<std::size_t>(i)];
      auto& next = ring[static_cast<std::size_t>((i + 1) % threads)];
      for (int round = 0; round < rounds; ++round) {
        if (mine.wait(late()) != woken::done) return fail("a wake was lost");
        mine.begin();
        const bool last = i == threads - 1 && round == rounds - 1;
        if (!last && !next.wake()) return fail("the next one was not waiting");
      }
    });
  }
  CHECK(ring[0].wake());
  CHECK(all.join() == "");
}

TEMPLATE_TEST_CASE("no wake is lost in a ring of threads", "", WEIR_ALL_PARKERS) {
  check_ring<TestType>(2, scaled(4000));
  check_ring<TestType>(8, scaled(500));
  check_ring<TestType>(64, scaled(20));
}

TEMPLATE_TEST_CASE("no wake is lost in a ring of threads, for long", "[long]", WEIR_ALL_PARKERS) {
  check_ring<TestType>(2, scaled(400'000));
  check_ring<TestType>(64, scaled(4000));
}

TEMPLATE_TEST_CASE("a record goes from one thread to another", "", WEIR_ALL_PARKERS) {
  sleeper<TestType> s;
  for (int i = 0; i < 20; ++i) {
    s.begin();
    crew threads;
    threads.add([&] {
      if (s.wait(late()) != woken::done) fail("it was not woken");
    });
    CHECK(s.wake());
    CHECK(threads.join() == "");
  }
}

// Misuse is seen where there is state to see it by.
using shared_word = weir::atomic<std::uint32_t>;

template <class P, class Body>
void check_dies(const char* sentence, Body body) {
  const outcome o = forked([&] {
    P p;
    shared_word at{1};
    body(p, at);
    return 0;
  });
  CAPTURE(o.text);
  CHECK_FALSE(o.exited);
  CHECK(o.text.find(sentence) != std::string::npos);
}

TEMPLATE_TEST_CASE("misuse that the parker can see is told", "", WEIR_PARKERS_WITH_STATE) {
  if (!with_checks()) return;
  using P = TestType;
  check_dies<P>("park() without prepare()",
                [](P& p, shared_word& w) { static_cast<void>(p.park(w, 1, deadline::never())); });
  check_dies<P>("finish() without prepare()", [](P& p, shared_word&) { p.finish(false); });
  check_dies<P>("last wait was not finished", [](P& p, shared_word&) {
    static_cast<void>(p.prepare());
    static_cast<void>(p.prepare());
  });
  check_dies<P>("unpark() of a thread that does not wait", [](P& p, shared_word& w) { p.unpark(w); });
  check_dies<P>("more often than the word was changed", [](P& p, shared_word& w) {
    static_cast<void>(p.prepare());
    p.unpark(w);
    p.unpark(w);
    p.finish(true);
  });
  check_dies<P>("more often than the word was changed", [](P& p, shared_word& w) {
    static_cast<void>(p.prepare());
    p.unpark(w);
    p.finish(false);
  });
}

}  // namespace
