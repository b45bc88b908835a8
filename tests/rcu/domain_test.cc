// Property: nobody reads what was unlinked before a grace period that has ended.
#include <atomic>
#include <mutex>
#include <thread>

#include "tests/rcu/age.h"
#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/rcu/domain.h"

namespace {

using namespace weir::test;
using weir::rcu::default_domain;
using weir::rcu::domain;
using weir::rcu::grace_period;
using weir::rcu::reader;

void age_in(domain& d) {
  age(d, scaled(3'000), 2, [&](const auto& look, const auto& over) {
    while (!over()) {
      const reader r(d);
      look();
    }
  });
}

TEST_CASE("no reader sees what a grace period has passed") {
  SECTION("the default domain") { age_in(default_domain()); }
  SECTION("another") {
    domain d;
    age_in(d);
  }
}

TEST_CASE("sections nest, and end in any order") {
  domain d;
  d.lock();
  d.lock();
  d.unlock();
  const grace_period p = d.start_poll();
  CHECK_FALSE(d.poll(p));
  {
    const reader r(d);
    d.unlock();
    CHECK_FALSE(d.poll(p));
  }
  CHECK(d.poll(p));
}

TEST_CASE("a default grace period has ended") {
  domain d;
  CHECK(d.poll(grace_period()));
}

TEST_CASE("synchronize() waits for a section that is open, and for none that came later") {
  domain d;
  gate inside;
  std::atomic<bool> done{false};
  std::thread other([&] {
    const reader r(d);
    inside.pass();
  });
  REQUIRE(inside.await(1));
  const grace_period p = d.start_poll();
  CHECK_FALSE(d.poll(p));
  std::thread writer([&] {
    d.synchronize();
    done.store(true, std::memory_order_release);
  });
  CHECK_FALSE(d.poll(p));
  CHECK_FALSE(done.load(std::memory_order_acquire));
  inside.open();
  other.join();
  writer.join();
  CHECK(d.poll(p));
}

TEST_CASE("a domain is a Cpp17Lockable") {
  domain d;
  const std::scoped_lock both(d, default_domain());
  std::unique_lock again(d, std::try_to_lock);
  CHECK(again.owns_lock());
}

}  // namespace
