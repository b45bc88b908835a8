// Property: nobody reads what was unlinked before a grace period that has ended, where readers say when they hold
// nothing.
#include "weir/rcu/qsbr.h"

#include <atomic>
#include <thread>

#include "tests/rcu/age.h"
#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/rcu/ready.h"
#include "weir/rcu/retire.h"

namespace {

using namespace weir::test;
using weir::rcu::domain;
using weir::rcu::grace_period;
using weir::rcu::options;
using weir::rcu::qsbr_domain;
using weir::rcu::reader;
using weir::rcu::reclaimer;

// Whether polling comes to an end: a period that was begun before, and held up, is ended by the first step.
bool ends(qsbr_domain& d, grace_period p) { return d.poll(p) || d.poll(p); }

TEST_CASE("no reader sees what a grace period has passed") {
  qsbr_domain d;
  age(d, scaled(3'000), 2, [&](const auto& look, const auto& over) {
    d.online();
    for (unsigned round = 0; !over(); ++round) {
      look();
      d.quiescent();
      if (round % 64 == 0) {
        d.offline();
        d.online();
      }
    }
    d.offline();
  });
}

TEST_CASE("a period waits for who is online, until quiescent or offline") {
  qsbr_domain d;
  d.online();
  CHECK(d.is_online());
  SECTION("quiescent") {
    const grace_period p = d.start_poll();
    CHECK_FALSE(d.poll(p));
    CHECK_FALSE(d.poll(p));
    d.quiescent();
    CHECK(ends(d, p));
    const grace_period next = d.start_poll();
    CHECK_FALSE(d.poll(next));
  }
  SECTION("offline") {
    const grace_period p = d.start_poll();
    CHECK_FALSE(d.poll(p));
    d.offline();
    CHECK_FALSE(d.is_online());
    CHECK(ends(d, p));
    d.online();
  }
  SECTION("quiescent before the period began") {
    d.quiescent();
    const grace_period p = d.start_poll();
    CHECK_FALSE(d.poll(p));
  }
  d.offline();
}

TEST_CASE("synchronize() and barrier() by who is online do not wait for the caller, who is online afterwards") {
  qsbr_domain d;
  d.online();
  d.synchronize();
  d.synchronize(d.start_poll());
  bool run = false;
  REQUIRE(d.try_retire(&run, [](void* p) { *static_cast<bool*>(p) = true; }));
  d.barrier();
  CHECK(run);
  const grace_period p = d.start_poll();
  CHECK_FALSE(d.poll(p));
  d.offline();
}

TEST_CASE("a thread that ends is offline") {
  qsbr_domain d;
  std::thread([&] { d.online(); }).join();
  d.synchronize();
}

TEST_CASE("what is retired waits for who is online") {
  for (const reclaimer by : {reclaimer::background, reclaimer::in_place, reclaimer::by_hand}) {
    qsbr_domain d({.by = by});
    gate online;
    std::atomic<bool> enough{false};
    std::thread other([&] {
      d.online();
      online.pass();
      while (!enough.load(std::memory_order_relaxed)) d.quiescent();
      d.offline();
    });
    REQUIRE(online.await(1));
    bool run = false;
    REQUIRE(d.try_retire(&run, [](void* p) { *static_cast<bool*>(p) = true; }));
    CHECK(d.poll_ready().empty());
    CHECK(d.poll_ready().empty());
    online.open();
    d.barrier();
    CHECK(run);
    enough.store(true, std::memory_order_relaxed);
    other.join();
  }
}

TEST_CASE("both flavours in one thread do not hold each other up") {
  qsbr_domain q;
  domain d;
  q.online();
  {
    const reader r(d);
    q.synchronize();
  }
  d.synchronize();
  q.offline();
}

TEST_CASE("a writer that waits for a reader that takes long is woken when it is quiescent") {
  qsbr_domain d;
  gate online;
  std::thread other([&] {
    d.online();
    online.pass();
    d.quiescent();
    d.quiescent();
    d.offline();
  });
  REQUIRE(online.await(1));
  std::thread writer([&] { d.synchronize(); });
  online.open();
  other.join();
  writer.join();
}

}  // namespace
