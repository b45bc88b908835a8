// The contract's table, pair by pair, on the store-buffering shape: what it promises holds in every execution, and what
// it does not promise is seen to fail, so that the model is no stricter than the contract.
#include "tests/model/search.h"
#include "tests/support/catch.h"

namespace {

using weir::model::how;
using weir::model::search;

enum class side { none, light, full, heavy };

void barrier(side s) {
  if (s == side::light) weir::barrier::light();
  if (s == side::full) weir::barrier::full();
  if (s == side::heavy) weir::barrier::heavy();
}

// Each thread stores, passes its barrier, and looks for the other's store.
template <side A, side B>
struct store_buffering : rl::test_suite<store_buffering<A, B>, 2> {
  weir::barrier::model::process process{2};
  weir::atomic<int> stored[2];
  int seen[2] = {};

  void thread(unsigned self) {
    stored[self].store(1, std::memory_order_relaxed);
    barrier(self == 0 ? A : B);
    seen[self] = stored[1 - self].load(std::memory_order_relaxed);
  }
  void after() { RL_ASSERT(seen[0] == 1 || seen[1] == 1); }
};

// One thread writes data, then a flag; the other reads the flag, then the data: both with barriers between.
template <side A, side B>
struct message_passing : rl::test_suite<message_passing<A, B>, 2> {
  weir::barrier::model::process process{2};
  weir::atomic<int> data, flag;

  void thread(unsigned self) {
    if (self == 0) {
      data.store(1, std::memory_order_relaxed);
      barrier(A);
      flag.store(1, std::memory_order_relaxed);
    } else if (flag.load(std::memory_order_relaxed) == 1) {
      barrier(B);
      RL_ASSERT(data.load(std::memory_order_relaxed) == 1);
    }
  }
};

// Dekker's mutual exclusion, one attempt each: never both inside. `inside` is plain data: Relacy reports a race.
template <side A, side B>
struct dekker : rl::test_suite<dekker<A, B>, 2> {
  weir::barrier::model::process process{2};
  weir::atomic<int> wants[2];
  rl::var<int> inside;

  void before() { inside($) = 0; }
  void thread(unsigned self) {
    wants[self].store(1, std::memory_order_relaxed);
    barrier(self == 0 ? A : B);
    if (wants[1 - self].load(std::memory_order_acquire) == 0) inside($) = static_cast<int>(self);
    wants[self].store(2, std::memory_order_release);  // 2: been there, so the other stays out for good
  }
};

constexpr unsigned long random_schedules = 20'000;
constexpr unsigned long all_schedules = 2'000'000;

template <class Suite>
void must_hold() {
  const auto random = search<Suite>(how::random, random_schedules);
  INFO(random.complaint);
  CHECK(random.clean);
  const auto full = search<Suite>(how::full, all_schedules);
  INFO(full.complaint);
  CHECK(full.clean);
  CHECK(full.tried < all_schedules);  // it was the whole search
}

template <class Suite>
void must_fail() {
  CHECK_FALSE(search<Suite>(how::random, random_schedules).clean);
  CHECK_FALSE(search<Suite>(how::full, all_schedules).clean);
}

TEST_CASE("store buffering: the pairs that the contract orders") {
  SECTION("light/heavy") { must_hold<store_buffering<side::light, side::heavy>>(); }
  SECTION("heavy/heavy") { must_hold<store_buffering<side::heavy, side::heavy>>(); }
  SECTION("full/heavy") { must_hold<store_buffering<side::full, side::heavy>>(); }
  SECTION("full/full") { must_hold<store_buffering<side::full, side::full>>(); }
}

TEST_CASE("store buffering: the pairs that it does not order are found out") {
  SECTION("none/none") { must_fail<store_buffering<side::none, side::none>>(); }
  SECTION("none/light") { must_fail<store_buffering<side::none, side::light>>(); }
  SECTION("none/full") { must_fail<store_buffering<side::none, side::full>>(); }
  SECTION("none/heavy") { must_fail<store_buffering<side::none, side::heavy>>(); }
  SECTION("light/light") { must_fail<store_buffering<side::light, side::light>>(); }
  SECTION("light/full") { must_fail<store_buffering<side::light, side::full>>(); }
}

TEST_CASE("message passing: the pairs that the contract orders") {
  SECTION("light/heavy") { must_hold<message_passing<side::light, side::heavy>>(); }
  SECTION("heavy/light") { must_hold<message_passing<side::heavy, side::light>>(); }
  SECTION("heavy/heavy") { must_hold<message_passing<side::heavy, side::heavy>>(); }
  SECTION("full/full") { must_hold<message_passing<side::full, side::full>>(); }
}

TEST_CASE("message passing: the pairs that it does not order are found out") {
  SECTION("none/heavy") { must_fail<message_passing<side::none, side::heavy>>(); }
  SECTION("heavy/none") { must_fail<message_passing<side::heavy, side::none>>(); }
  SECTION("light/light") { must_fail<message_passing<side::light, side::light>>(); }
  SECTION("light/full") { must_fail<message_passing<side::light, side::full>>(); }
}

TEST_CASE("Dekker's mutual exclusion") {
  SECTION("light/heavy excludes") { must_hold<dekker<side::light, side::heavy>>(); }
  SECTION("heavy/heavy excludes") { must_hold<dekker<side::heavy, side::heavy>>(); }
  SECTION("full/full excludes") { must_hold<dekker<side::full, side::full>>(); }
  SECTION("light/light does not") { must_fail<dekker<side::light, side::light>>(); }
  SECTION("none/heavy does not") { must_fail<dekker<side::none, side::heavy>>(); }
}

TEST_CASE("a removed light() or heavy() is noticed") {
  using suite = store_buffering<side::light, side::heavy>;
  CHECK_FALSE(weir::model::search_mutated<suite>("light", how::random, random_schedules).clean);
  CHECK_FALSE(weir::model::search_mutated<suite>("heavy", how::random, random_schedules).clean);
}

}  // namespace
