// Property: run() returns after a call that began after run() was entered and ended before it returned; calls are
// serial, and those who arrive during one call share the next.
//
// On the combiner itself, with a call that the test gates or counts.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <iterator>
#include <random>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/combine.h"

namespace {

using namespace weir::test;
using std::uint64_t;
using weir::barrier::detail::combiner;

// How a follower waits: `patience` rounds awake, then asleep. 0: sleeps at once; never: never.
struct waiting {
  static constexpr unsigned never = ~0u;
  unsigned patience = never;

  [[nodiscard]] bool busy(unsigned round) const noexcept {
    if (patience != never && round >= patience) return false;
    std::this_thread::yield();
    return true;
  }
  static void give_way() noexcept { std::this_thread::yield(); }
};

constexpr waiting awake{waiting::never};
constexpr waiting asleep{0};

TEST_CASE("who meets nobody makes one call of its own") {
  combiner c;
  int calls = 0;
  for (int i = 1; i <= 5; ++i) {
    c.run([&] { ++calls; }, awake);
    CHECK(calls == i);
    CHECK(c.ended() == static_cast<uint64_t>(i));
    CHECK(c.waiting() == 0);
  }
}

// The schedule: one call is held inside, `followers` arrive, the call is let go.
struct crowd {
  combiner c{};
  gate inside{};
  std::atomic<int> calls{0};
  crew threads{};

  // Relaxed: ordered by the gates, the joins, and by what is tested.
  [[nodiscard]] int made() const { return calls.load(std::memory_order_relaxed); }
  void count_call() { calls.fetch_add(1, std::memory_order_relaxed); }

  // Holds the first call inside.
  void lead() {
    threads.if_abandoned([this] { inside.open(); });
    threads.add([&] {
      c.run(
          [&] {
            count_call();
            inside.pass();
          },
          awake);
    });
    REQUIRE(inside.await(1));
  }

  void follow(waiting how) {
    threads.add([this, how] {
      c.run([this] { count_call(); }, how);
      if (made() < 2) fail("returned with the call that had begun before it came");
    });
  }

  [[nodiscard]] bool arrived(int n) {
    return eventually([&] { return c.waiting() == static_cast<std::uint32_t>(n); });
  }

  // One more call, however many came; and the combiner is as new.
  void check_end() {
    CHECK(made() == 1);
    inside.open();
    CHECK(threads.join() == "");
    CHECK(made() == 2);
    CHECK(c.ended() == 2);
    CHECK(c.waiting() == 0);
    c.run([this] { count_call(); }, awake);
    CHECK(made() == 3);
  }
};

TEST_CASE("sixteen who arrive during a call share one more") {
  for (const waiting how : {awake, asleep, waiting{100}}) {
    for (int repeat = scaled(20); repeat >= 0; --repeat) {
      CAPTURE(how.patience, repeat);
      crowd now;
      now.lead();
      for (int i = 0; i < 16; ++i) now.follow(how);
      REQUIRE(now.arrived(16));
      now.check_end();
    }
  }
}

TEST_CASE("any number of any patience, in any order, share one more") {
  for (unsigned seed = 1; seed <= static_cast<unsigned>(scaled(200)); ++seed) {
    CAPTURE(seed);
    std::minstd_rand random(seed);
    const int followers = static_cast<int>(random() % 16) + 1;
    const bool one_by_one = random() % 2 == 0;
    crowd now;
    now.lead();
    for (int i = 1; i <= followers; ++i) {
      constexpr unsigned patiences[] = {0, 1, 10, 1000, waiting::never};
      now.follow(waiting{patiences[random() % std::size(patiences)]});
      if (one_by_one) REQUIRE(now.arrived(i));
    }
    REQUIRE(now.arrived(followers));
    now.check_end();
  }
}

// Waits awake, and counts how often it steps aside, with what happens then.
template <class Meanwhile>
struct stepping_aside {
  int* times;
  Meanwhile meanwhile;

  static bool busy(unsigned) noexcept { return true; }
  void give_way() const {
    ++*times;
    meanwhile();
  }
};
template <class Meanwhile>
stepping_aside(int*, Meanwhile) -> stepping_aside<Meanwhile>;

TEST_CASE("who steps aside for a crowd is served by whoever leads meanwhile, and steps aside no more after it") {
  crowd now;
  now.lead();
  now.follow(awake);
  now.follow(awake);
  REQUIRE(now.arrived(2));
  now.inside.open();
  REQUIRE(now.threads.join() == "");
  REQUIRE(now.made() == 2);

  int times = 0;
  const auto call = [&] { now.count_call(); };
  now.c.run(call, stepping_aside{&times, [&] { now.c.run(call, awake); }});
  CHECK(times == 1);
  CHECK(now.made() == 3);  // one call for the two

  const auto alone = stepping_aside{&times, [] {}};
  now.c.run(call, alone);  // the last of the crowd steps aside in vain, and finds that it is alone
  CHECK(times == 2);
  now.c.run(call, alone);
  CHECK(times == 2);
  CHECK(now.made() == 5);
}

TEST_CASE("those who arrive during the second call are served by a third") {
  combiner c;
  std::vector<gate> calls(17);  // the n-th call is held in the n-th; should nobody share, there is one for each caller
  std::atomic<std::size_t> begun{0};
  const auto call = [&] { calls[begun.fetch_add(1, std::memory_order_relaxed)].pass(); };  // one call at a time
  crew threads;
  threads.if_abandoned([&] {
    for (gate& held : calls) held.open();
  });
  const auto join_in = [&] { threads.add([&] { c.run(call, asleep); }); };

  join_in();
  REQUIRE(calls[0].await(1));
  for (int i = 0; i < 8; ++i) join_in();
  REQUIRE(eventually([&] { return c.waiting() == 8; }));
  calls[0].open();
  REQUIRE(calls[1].await(1));
  // The first eight wait for the call that one of them makes, and eight more for the one after.
  for (int i = 0; i < 8; ++i) join_in();
  REQUIRE(eventually([&] { return c.waiting() == 16; }));
  calls[1].open();
  REQUIRE(calls[2].await(1));
  REQUIRE(eventually([&] { return c.waiting() == 8; }));  // the first eight have returned
  CHECK(c.ended() == 2);
  calls[2].open();
  CHECK(threads.join() == "");
  CHECK(c.ended() == 3);
  CHECK(begun.load(std::memory_order_relaxed) == 3);
}

TEST_CASE("in the child after fork() nobody waits for those who led and waited in the parent", "[fork]") {
  crowd now;
  now.lead();
  for (int i = 0; i < 8; ++i) now.follow(i % 2 == 0 ? awake : asleep);
  REQUIRE(now.arrived(8));
  const outcome child = forked([&] {
    now.c.forget_other_threads();
    const uint64_t ended = now.c.ended();
    int calls = 0;
    for (int i = 0; i < 3; ++i) now.c.run([&] { ++calls; }, asleep);
    return unless(calls == 3, "each run() of the only thread is a call") +
           unless(now.c.ended() == ended + 3, "and counted") + unless(now.c.waiting() == 0, "nobody waits");
  });
  CHECK(child.summary() == "exit 0");
  now.check_end();  // the parent has not noticed
}

// The oracles of the torture. `clock`: a global order of entries, begins, ends and returns. Its ticks are fences on
// many a processor; `marks` does without: a call must have seen what its callers did before, by the combiner's order
// alone.
enum class oracle : std::uint8_t { clock, marks };

struct span {
  uint64_t begin, end;
};

class record {
 public:
  record(oracle by, std::size_t threads) : by_clock_(by == oracle::clock), marks_(threads), seen_(threads) {}

  // Relaxed read-modify-writes of one word are in one total order that agrees with each thread's own, and order nothing
  // else: neither for the language nor for ThreadSanitizer.
  [[nodiscard]] uint64_t now() { return by_clock_ ? clock_.fetch_add(1, std::memory_order_relaxed) : 0; }

  // The call. `calls_` is plain: only the combiner's own order makes this right, and ThreadSanitizer sees if it does
  // not.
  void call() {
    if (by_clock_ && inside_.exchange(true, std::memory_order_relaxed)) fail("two calls at once");
    const uint64_t begin = now();
    for (std::size_t i = 0; i < marks_.size(); ++i) {  // relaxed: ordered by the combiner, which is what is tested
      seen_[i].store(marks_[i].load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
    calls_.push_back({begin, now()});
    if (by_clock_) inside_.store(false, std::memory_order_relaxed);
  }

  // One run() of thread `i`, its n-th: from when to when.
  [[nodiscard]] span run(combiner& c, waiting how, std::size_t i, uint64_t n) {
    const uint64_t entry = now();
    marks_[i].store(n, std::memory_order_relaxed);
    c.run([this] { call(); }, how);
    if (seen_[i].load(std::memory_order_relaxed) < n) fail("a caller's call had not seen what the caller did before");
    return {entry, now()};
  }

  // By the clock: whether some call lies wholly within the run. Calls are serial: the first to begin after it decides.
  [[nodiscard]] bool served(const span& run) const {
    const auto first = std::upper_bound(calls_.begin(), calls_.end(), run.begin,
                                        [](uint64_t entry, const span& call) { return entry < call.begin; });
    return first != calls_.end() && first->end < run.end;
  }

  [[nodiscard]] std::size_t calls() const { return calls_.size(); }

 private:
  const bool by_clock_;
  std::atomic<uint64_t> clock_{0};
  std::atomic<bool> inside_{false};
  std::vector<span> calls_;
  std::vector<std::atomic<uint64_t>> marks_;  // of each thread: the number of its run()
  std::vector<std::atomic<uint64_t>> seen_;   // what the latest call has seen of them
};

void torture(oracle by, std::size_t count, uint64_t rounds, unsigned seed) {
  CAPTURE(by, count, rounds, seed);
  combiner c;
  record all(by, count);
  std::vector<std::vector<span>> runs(count);
  crew threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.add([&, i] {
      std::minstd_rand random(seed * 100 + static_cast<unsigned>(i) + 1);
      constexpr unsigned patiences[] = {0, 0, 3, 30, waiting::never};
      for (uint64_t n = 1; n <= rounds; ++n) {
        runs[i].push_back(all.run(c, waiting{patiences[random() % std::size(patiences)]}, i, n));
        for (auto pause = random() % 64; pause-- > 0;) weir::port::relax();
      }
    });
  }
  REQUIRE(threads.join() == "");
  CHECK(all.calls() == c.ended());
  CHECK(all.calls() <= count * rounds);
  CHECK(c.waiting() == 0);
  if (by != oracle::clock) return;
  std::size_t unserved = 0;
  for (const auto& mine : runs) {
    for (const span& run : mine) unserved += all.served(run) ? 0 : 1;
  }
  CHECK(unserved == 0);
}

TEST_CASE("torture: every caller is served by a call of its time") {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    for (const std::size_t threads : {2u, 4u, 12u}) {
      for (const oracle by : {oracle::clock, oracle::marks}) {
        torture(by, threads, static_cast<uint64_t>(scaled(5'000)), seed);
      }
    }
  }
}

TEST_CASE("torture, long: every caller is served by a call of its time", "[long]") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    for (const std::size_t threads : {2u, 3u, 4u, 12u, 40u}) {
      for (const oracle by : {oracle::clock, oracle::marks}) {
        torture(by, threads, static_cast<uint64_t>(scaled(20'000)), seed);
      }
    }
  }
}

}  // namespace
