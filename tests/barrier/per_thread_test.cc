// Property: a record is made when its number first asks, is found by everybody from then on, and never moves.
#include <array>
#include <atomic>
#include <cstddef>
#include <new>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/per_thread.h"

namespace {

using namespace weir::test;
using weir::barrier::thread::index;
using weir::barrier::thread::limit;
using weir::barrier::thread::none;
using weir::barrier::thread::per_thread;

// Memory for records runs out when a test says so.
struct record {
  static inline std::atomic<bool> exhausted{false};
  static void* operator new[](std::size_t bytes, const std::nothrow_t& n) noexcept {
    return exhausted.load(std::memory_order_relaxed) ? nullptr : ::operator new[](bytes, n);
  }
  static void operator delete[](void* p) noexcept { ::operator delete[](p); }

  int value = 7;
};

// Chunk 0 holds numbers 0 to 63, chunk 1 64 to 127, then doubling: the numbers around each border.
std::vector<index> around_borders() {
  std::vector<index> all{0, 1, 62, 63};
  for (index border = 64; border <= 4096; border *= 2) {
    for (const index i : {border - 1, border, border + 1}) all.push_back(i);
  }
  return all;
}

TEST_CASE("nothing is found before it is made; its chunk comes with it") {
  static constinit per_thread<record> records;  // never destroyed, as in the rooms
  for (const index i : around_borders()) CHECK(records.find(i) == nullptr);
  CHECK(records.find(limit - 1) == nullptr);
  record* const made = records.make(64);
  REQUIRE(made != nullptr);
  CHECK(made->value == 7);
  CHECK(records.find(64) == made);
  CHECK(records.find(127) == made + 63);
  CHECK(records.find(63) == nullptr);
  CHECK(records.find(128) == nullptr);
}

TEST_CASE("a record keeps its address whatever else is made") {
  static constinit per_thread<record> records;
  std::vector<record*> made;
  const std::vector<index> numbers = around_borders();
  for (const index i : numbers) {
    made.push_back(records.make(i));
    REQUIRE(made.back() != nullptr);
    made.back()->value = static_cast<int>(i);
  }
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    CHECK(records.find(numbers[n]) == made[n]);
    CHECK(records.make(numbers[n]) == made[n]);
    CHECK(made[n]->value == static_cast<int>(numbers[n]));
  }
}

TEST_CASE("out of memory: null, nothing is changed, and later it works") {
  static constinit per_thread<record> records;
  record* const first = records.make(0);
  REQUIRE(first != nullptr);
  record::exhausted.store(true, std::memory_order_relaxed);
  record* const refused = records.make(64);
  record* const there_already = records.make(63);
  record::exhausted.store(false, std::memory_order_relaxed);
  CHECK(refused == nullptr);
  CHECK(there_already == first + 63);
  CHECK(records.find(64) == nullptr);
  CHECK(records.make(64) != nullptr);
  CHECK(records.make(none) == nullptr);
}

TEST_CASE("threads that make the same chunk at once get the same one") {
  constexpr std::size_t count = 4;
  for (int round = 0; round < scaled(200); ++round) {
    // Chunks leak with their owner by design; these few are given a home for the leak checker.
    static std::array<per_thread<record>, 200> homes;
    per_thread<record>& records = homes[static_cast<std::size_t>(round)];
    std::array<record*, count> got{};
    gate start;
    crew threads;
    threads.if_abandoned([&] { start.open(); });
    for (std::size_t i = 0; i < count; ++i) {
      threads.add([&, i] {
        start.pass();
        got[i] = records.make(static_cast<index>(i));
        if (got[i] == nullptr || got[i]->value != 7) fail("not made");
      });
    }
    REQUIRE(start.await(count));
    start.open();
    REQUIRE(threads.join() == "");
    for (std::size_t i = 0; i < count; ++i) CHECK(got[i] == records.find(0) + i);
  }
}

}  // namespace
