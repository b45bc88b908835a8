// Property: nobody reads what was unlinked before a grace period that has ended.
#include <array>
#include <atomic>
#include <mutex>
#include <thread>

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

// A ring of objects of plain data, published one after the other; each is poisoned after a grace period. Plain, so that
// a sanitizer sees whether a section that has ended happens before the poisoning.
void age(domain& d, int rounds, int readers) {
  constexpr int alive = 1;
  constexpr int poisoned = -1;
  struct alignas(weir::port::line) object {
    int state = alive;
  };
  std::array<object, 8> objects;
  std::atomic<std::size_t> current{0};
  std::atomic<bool> enough{false};
  std::atomic<long> wrong{0};
  crew threads;
  for (int i = 0; i < readers; ++i) {
    threads.add([&] {
      while (!enough.load(std::memory_order_relaxed)) {
        const reader r(d);
        const volatile object& seen = objects[current.load(std::memory_order_acquire)];
        for (int k = 0; k < 20; ++k) {
          if (seen.state != alive) wrong.fetch_add(1, std::memory_order_relaxed);
        }
      }
    });
  }
  for (int i = 0; i < rounds; ++i) {
    const std::size_t old = current.load(std::memory_order_relaxed);
    const std::size_t next = (old + 1) % objects.size();
    objects[next].state = alive;
    current.store(next, std::memory_order_release);
    d.synchronize();
    objects[old].state = poisoned;
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
  CHECK(wrong.load(std::memory_order_relaxed) == 0);
}

TEST_CASE("no reader sees what a grace period has passed") {
  SECTION("the default domain") { age(default_domain(), scaled(3'000), 2); }
  SECTION("another") {
    domain d;
    age(d, scaled(3'000), 2);
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
