// Property: what is unreclaimed stays within the limit, unless a reader holds it up for longer than retire() may wait:
// then the limit is exceeded, counted, and the reader is named. Nobody waits where that could be for ever.
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/pool.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/rcu/own_thread.h"
#include "weir/rcu/qsbr.h"
#include "weir/rcu/ready.h"
#include "weir/rcu/retire.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
using weir::rcu::domain;
using weir::rcu::domain_base;
using weir::rcu::options;
using weir::rcu::qsbr_domain;
using weir::rcu::reader;
using weir::rcu::ready;
using weir::rcu::reclaimer;
using weir::rcu::retired;
using weir::rcu::statistics;

std::atomic<long> unreclaimed{0};

void retire_one(domain_base& d) {
  static int object = 0;
  unreclaimed.fetch_add(1, std::memory_order_relaxed);
  if (!d.try_retire(&object, [](void*) { unreclaimed.fetch_sub(1, std::memory_order_relaxed); })) std::abort();
}

TEST_CASE("with readers that are quick, nothing goes over the limit") {
  for (const reclaimer by : {reclaimer::background, reclaimer::in_place, reclaimer::executor}) {
    for (const std::size_t limit : {60U, 600U, 8192U}) {
      INFO(static_cast<int>(by) << ", limit " << limit);
      domain d({.by = by, .limit = limit, .max_wait = 20s, .execute = &pool::execute, .context = &pool::one()});
      unreclaimed.store(0, std::memory_order_relaxed);
      std::atomic<long> most{0};
      crew threads;
      for (int t = 0; t < 2; ++t) {
        threads.add([&] {
          for (int i = 0; i < scaled(20'000); ++i) {
            { const reader r(d); }
            retire_one(d);
            const long now = unreclaimed.load(std::memory_order_relaxed);
            if (now > most.load(std::memory_order_relaxed)) most.store(now, std::memory_order_relaxed);
          }
        });
      }
      CHECK(threads.join() == "");
      // The two that are being retired were counted by the test before they were by the domain.
      CHECK(most.load(std::memory_order_relaxed) <= static_cast<long>(limit) + 2);
      const statistics s = d.stats();
      CHECK(s.exceeded == 0);
      CHECK(s.peak <= limit);
      d.barrier();
      CHECK(unreclaimed.load(std::memory_order_relaxed) == 0);
    }
  }
}

TEST_CASE("a reader that stays inside is waited for so long, then the limit is exceeded, and the reader named") {
  for (const reclaimer by : {reclaimer::background, reclaimer::in_place}) {
    domain d({.by = by, .limit = 100, .max_wait = 1ms});
    gate inside;
    std::atomic<std::uint64_t> name{0};
    const auto before = std::chrono::steady_clock::now();
    std::thread other([&] {
      const reader r(d);
      name.store(weir::rcu::detail::system_thread_id(), std::memory_order_relaxed);
      inside.pass();
    });
    REQUIRE(inside.await(1));
    CHECK_FALSE(d.stats().oldest.has_value());
    for (int i = 0; i < 200; ++i) retire_one(d);
    const statistics s = d.stats();
    CHECK(s.exceeded > 0);
    CHECK(s.pending >= 200);
    CHECK(s.peak >= 200);
    REQUIRE(s.oldest.has_value());
    CHECK(s.oldest->thread == name.load(std::memory_order_relaxed));
    CHECK(s.oldest->since >= before);
    CHECK(s.oldest->since <= std::chrono::steady_clock::now());
    inside.open();
    other.join();
    d.barrier();
    CHECK_FALSE(d.stats().oldest.has_value());
    CHECK(d.stats().grace_periods > 0);
  }
}

// Each of these would hang for an hour if retire() waited.
constexpr auto an_hour = std::chrono::hours(1);

TEST_CASE("inside a section, of whatever domain, retire() does not wait") {
  for (const reclaimer by : {reclaimer::background, reclaimer::in_place, reclaimer::by_hand}) {
    domain d({.by = by, .limit = 100, .max_wait = an_hour});
    domain other;
    {
      const reader r(d);
      for (int i = 0; i < 200; ++i) retire_one(d);
    }
    CHECK(d.stats().exceeded > 0);
    d.barrier();
    gate inside;
    std::thread stalled([&] {
      const reader r(d);
      inside.pass();
    });
    REQUIRE(inside.await(1));
    {
      const reader r(other);
      for (int i = 0; i < 200; ++i) retire_one(d);
    }
    qsbr_domain q;
    q.online();
    for (int i = 0; i < 200; ++i) retire_one(d);
    q.offline();
    inside.open();
    stalled.join();
    d.barrier();
  }
}

TEST_CASE("in a deleter retire() does not wait") {
  for (const reclaimer by : {reclaimer::background, reclaimer::in_place}) {
    static domain* into = nullptr;
    domain d({.by = by, .limit = 100, .max_wait = an_hour});
    domain first({.by = by});
    into = &d;
    gate inside;
    std::thread stalled([&] {
      const reader r(d);
      inside.pass();
    });
    REQUIRE(inside.await(1));
    int object = 0;
    REQUIRE(first.try_retire(&object, [](void*) {
      for (int i = 0; i < 200; ++i) retire_one(*into);
    }));
    first.barrier();
    CHECK(d.stats().exceeded > 0);
    inside.open();
    stalled.join();
    d.barrier();
  }
}

TEST_CASE("a writer may retire under a mutex that its readers take inside their sections") {
  for (const reclaimer by : {reclaimer::background, reclaimer::in_place}) {
    domain d({.by = by, .limit = 100, .max_wait = 1ms});
    std::mutex m;
    gate inside;
    std::unique_lock writing(m);
    std::thread other([&] {
      const reader r(d);
      inside.pass();
      const std::lock_guard hold(m);
    });
    REQUIRE(inside.await(1));
    inside.open();
    for (int i = 0; i < 300; ++i) retire_one(d);
    writing.unlock();
    other.join();
    CHECK(d.stats().exceeded > 0);
    d.barrier();
  }
}

TEST_CASE("many threads that each retire a little stay within the limit together, and nothing is left behind") {
  domain d({.limit = 2000, .max_wait = 20s});
  unreclaimed.store(0, std::memory_order_relaxed);
  gate all;
  crew threads;
  threads.if_abandoned([&] { all.open(); });
  const int n = scaled(200);
  for (int t = 0; t < n; ++t) {
    threads.add([&] {
      for (int i = 0; i < 5; ++i) retire_one(d);
      all.pass();
    });
  }
  REQUIRE(all.await(n));
  CHECK(d.stats().peak <= 2000);
  CHECK(d.stats().exceeded == 0);
  d.barrier();
  CHECK(unreclaimed.load(std::memory_order_relaxed) == 0);
  all.open();
  CHECK(threads.join() == "");
}

TEST_CASE("barrier() while others retire: what was retired before has been run") {
  domain d;
  std::atomic<bool> enough{false};
  crew threads;
  for (int t = 0; t < 2; ++t) {
    threads.add([&] {
      while (!enough.load(std::memory_order_relaxed)) retire_one(d);
    });
  }
  for (int i = 0; i < scaled(100); ++i) {
    bool run = false;
    REQUIRE(d.try_retire(&run, [](void* p) { *static_cast<bool*>(p) = true; }));
    d.barrier();
    REQUIRE(run);
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
}

TEST_CASE("barrier() while somebody else takes what its caller has retired, part by part") {
  domain d({.by = reclaimer::by_hand});
  std::atomic<bool> enough{false};
  crew threads;
  threads.add([&] {
    while (!enough.load(std::memory_order_relaxed)) {
      for (ready some = d.poll_ready(); !some.empty();) {
        const retired one = some.pop();
        one.run(one.object);
      }
    }
  });
  for (int i = 0; i < scaled(3'000); ++i) {
    std::atomic<int> run{0};
    constexpr int objects = 20;
    for (int k = 0; k < objects; ++k) {
      REQUIRE(d.try_retire(
          &run, [](void* p) { static_cast<std::atomic<int>*>(p)->fetch_add(1, std::memory_order_relaxed); }));
    }
    d.barrier();
    REQUIRE(run.load(std::memory_order_relaxed) == objects);
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
}

}  // namespace
