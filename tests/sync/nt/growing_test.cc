// Property: a table that grows lies at one address, and what has been made in it is there for whoever knows so; also
// where the system has little to give.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/sync/nt/growing.h"

namespace {

using namespace weir::test;
using weir::nt::detail::growing;
using weir::nt::detail::number;
using weir::nt::detail::piece;
using weir::nt::detail::region;

constexpr std::uint64_t fresh = 0x5eed;

struct place {
  std::uint64_t value = fresh;
};

constexpr number limit = 1u << 20;  // 8 MiB

// The system's, with less of everything when a test says so; and it counts what it is asked for.
struct scarce {
  static inline std::size_t largest_reserved = 0;
  static inline std::size_t largest_backed = 0;
  static inline std::size_t pages = 0;  // bytes each
  static inline std::size_t reserved = 0;
  static inline std::vector<std::size_t> backed;

  static void plenty() {
    largest_reserved = largest_backed = std::numeric_limits<std::size_t>::max();
    pages = region::page();
    backed.clear();
  }
  static piece reserve(std::size_t most) noexcept {
    const piece p = largest_reserved != 0 ? region::reserve(std::min(most, largest_reserved)) : piece{};
    reserved += p.bytes;
    return p;
  }
  static bool back(void* at, std::size_t bytes) noexcept {
    if (bytes > largest_backed) return false;
    backed.push_back(bytes);
    return region::back(at, bytes);
  }
  static void release(piece p) noexcept {
    reserved -= p.bytes;
    region::release(p);
  }
  static std::size_t page() noexcept { return pages; }
};

using table = growing<place, limit, scarce>;

// How many numbers there can be, one after the other.
number fill(table& t) {
  number n = 0;
  while (t.make(n)) ++n;
  return n;
}

TEST_CASE("nothing is there before it is made, and nothing moves") {
  growing<place, limit> t;
  CHECK_FALSE(t.has(0));
  REQUIRE(t.make(0));
  CHECK(t.has(0));
  place* const first = &t.at(0);
  for (number n = 0; n < 300'000; ++n) {
    if (!t.make(n) || !t.has(n) || &t.at(n) != first + n || t.at(n).value != fresh) FAIL("number " << n);
    t.at(n).value = n;
  }
  for (number n = 0; n < 300'000; ++n) {
    if (t.at(n).value != n) FAIL("number " << n << " has become " << t.at(n).value);
  }
  CHECK_FALSE(t.has(limit));
  CHECK_FALSE(t.has(std::numeric_limits<std::uintptr_t>::max()));
  CHECK_FALSE(t.has(std::numeric_limits<std::uintptr_t>::max() - limit));
}

TEST_CASE("it ends at its limit, grows by as much as there is within bounds, and gives all of it back") {
  scarce::plenty();
  {
    table t;
    CHECK(scarce::reserved == 0);
    CHECK(fill(t) == limit);
    CHECK(t.has(limit - 1));
    CHECK_FALSE(t.has(limit));
    CHECK(scarce::reserved == limit * sizeof(place));
    std::size_t there = 0;
    for (const std::size_t bytes : scarce::backed) {
      CHECK(bytes == std::clamp<std::size_t>(there, std::max<std::size_t>(16u << 10, region::page()), 1u << 20));
      there += bytes;
    }
    CHECK(there == limit * sizeof(place));
  }
  CHECK(scarce::reserved == 0);
}

TEST_CASE("where there is less address space there are fewer numbers") {
  for (const std::size_t space : {std::size_t{4} << 20, std::size_t{256} << 10}) {
    scarce::plenty();
    scarce::largest_reserved = space;
    table t;
    CHECK(fill(t) == space / sizeof(place));
    CHECK(scarce::reserved == space);
    scarce::plenty();
    CHECK_FALSE(t.make(static_cast<number>(space / sizeof(place))));  // and so it stays
  }
  CHECK(scarce::reserved == 0);
}

TEST_CASE("out of memory: nothing is changed, and later it works") {
  scarce::plenty();
  table t;
  scarce::largest_reserved = 0;
  CHECK_FALSE(t.make(0));
  CHECK_FALSE(t.has(0));
  scarce::plenty();
  scarce::largest_backed = 0;
  CHECK_FALSE(t.make(0));
  CHECK_FALSE(t.has(0));
  scarce::plenty();
  REQUIRE(t.make(0));
  t.at(0).value = 7;
  scarce::largest_backed = std::max<std::size_t>(16u << 10, region::page());  // less than it would grow by, in the end
  number n = 0;
  while (n < limit / 2 && t.make(n)) ++n;
  CHECK(n == limit / 2);
  scarce::largest_backed = 0;
  const number end = static_cast<number>(fill(t));
  CHECK_FALSE(t.has(end));
  scarce::plenty();
  CHECK(t.make(end));
  CHECK(t.at(end).value == fresh);
  CHECK(t.at(0).value == 7);
}

TEST_CASE("pages may be large") {
  scarce::plenty();
  scarce::pages = 64u << 10;
  table t;
  CHECK(fill(t) == limit);
  CHECK(scarce::backed.front() == 64u << 10);
  for (const std::size_t bytes : scarce::backed) CHECK(bytes % (64u << 10) == 0);
}

// One grows it, as under a lock; the others find what is there made.
TEST_CASE("whoever finds a number finds what was made") {
  for (int round = 0; round < scaled(100); ++round) {
    growing<place, limit> t;
    std::atomic<bool> done{false};
    gate start;
    crew threads;
    threads.if_abandoned([&] {
      done.store(true, std::memory_order_relaxed);
      start.open();
    });
    for (int i = 0; i < 2; ++i) {
      threads.add([&] {
        start.pass();
        for (number n = 0; !done.load(std::memory_order_relaxed);) {
          if (!t.has(n)) continue;
          if (t.at(n).value != fresh) fail("a number is found before it is made");
          n = (n + 2048) % limit;
        }
      });
    }
    REQUIRE(start.await(2));
    start.open();
    for (number n = 0; n < 100'000; ++n) {
      if (!t.make(n)) fail("a number is not made");
    }
    done.store(true, std::memory_order_relaxed);
    REQUIRE(threads.join() == "");
  }
}

}  // namespace
