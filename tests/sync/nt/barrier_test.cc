// A wait is a full barrier: item 80 of the list.
//
// Each case is store buffering: two threads write, wait or signal, and then read what the other one writes. Both cannot
// have come first.
#include <array>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "weir/sync/nt/objects.h"

namespace {

using namespace weir::nt;

const weir::park::timeout now = weir::park::timeout::after({});

// Two threads that begin each round together.
class rounds {
 public:
  explicit rounds(int most) : count_(weir::test::scaled(most)) {}
  [[nodiscard]] int count() const { return count_; }

  // `one` and `other` are called with the round's number, from 1 on; `before`, by the first thread, while the second
  // one stands still.
  template <class One, class Other, class Before>
  void run(One&& one, Other&& other, Before&& before) {
    std::thread second([&] {
      for (int i = 1; i <= count_; ++i) {
        meet(1, 2 * i - 1);
        other(i);
        meet(1, 2 * i);
      }
    });
    for (int i = 1; i <= count_; ++i) {
      before();
      meet(0, 2 * i - 1);
      one(i);
      meet(0, 2 * i);
    }
    second.join();
  }

 private:
  struct alignas(128) place {
    std::atomic<int> at{0};
  };
  void meet(std::size_t me, int where) {
    places_[me].at.store(where, std::memory_order_release);
    while (places_[1 - me].at.load(std::memory_order_acquire) < where) continue;
  }

  const int count_;
  std::array<place, 2> places_;
};

struct alignas(128) variable {
  std::atomic<int> value{0};
};

TEST_CASE("80 a wait is a full barrier, whether it takes anything or not") {
  const auto both_are_first = [](auto&& its_wait) {
    rounds r(20'000);
    std::array<variable, 2> wrote;
    std::array<std::vector<int>, 2> read;
    const auto body = [&](std::size_t me) {
      return [&, me](int i) {
        wrote[me].value.store(i, std::memory_order_relaxed);
        its_wait(me);
        read[me].push_back(wrote[1 - me].value.load(std::memory_order_relaxed));
      };
    };
    r.run(body(0), body(1), [] {});
    int found = 0;
    for (int i = 0; i < r.count(); ++i) {
      const auto n = static_cast<std::size_t>(i);
      found += read[0][n] <= i && read[1][n] <= i ? 1 : 0;
    }
    return found;
  };
  std::array<event, 2> set{event::manual(true), event::manual(true)};
  std::array<event, 2> unset{event::automatic(), event::automatic()};
  CHECK(both_are_first([&](std::size_t me) { static_cast<void>(wait(set[me], now)); }) == 0);
  CHECK(both_are_first([&](std::size_t me) { static_cast<void>(wait(unset[me], now)); }) == 0);
  CHECK(both_are_first([&](std::size_t me) { static_cast<void>(wait_any({&unset[me], &set[me]}, now)); }) == 0);
}

// What is looked at is looked at after what was done before. One thread writes, and finds the event unsignaled; the
// other one sets it, and reads: it reads what was written, or the event was there to be had.
TEST_CASE("80 a wait is a full barrier before its own look, too") {
  const auto both_miss = [](int most, auto&& its_wait) {
    rounds r(most);
    event e = event::manual();
    const event there = event::manual(true);
    variable wrote;
    bool timed_out = false;
    int read = 0;
    int found = 0;
    int last = 0;  // the round that `timed_out` and `read` are of
    const auto count = [&] { found += last != 0 && timed_out && read < last ? 1 : 0; };
    r.run(
        [&](int i) {
          for (volatile int late = i % 32; late != 0;) late = late - 1;  // the two meet at another place each time
          wrote.value.store(i, std::memory_order_relaxed);
          timed_out = its_wait(e) == status::timeout;
          last = i;
        },
        [&](int) {
          e.set();
          static_cast<void>(wait(there));  // a set alone is none
          read = wrote.value.load(std::memory_order_relaxed);
        },
        [&] {
          count();
          e.reset();
        });
    count();
    return found;
  };
  const event never = event::automatic();
  CHECK(both_miss(400'000, [](const event& e) { return wait(e, now); }) == 0);
  CHECK(both_miss(40'000, [&](const event& e) { return wait_any({&never, &e}, now); }) == 0);
  CHECK(both_miss(40'000, [](const event& e) { return wait_all({&e}, now); }) == 0);
}

}  // namespace
