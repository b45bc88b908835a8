// A clock that stands still until a test moves it.
#pragma once

#include <atomic>
#include <chrono>

#include "tests/support/gate.h"
#include "weir/sync/park/clock.h"

namespace weir::test {

// Thread-safe: yes. It is read again by who sleeps, every half millisecond of real time.
class test_clock : public park::clock {
 public:
  using time = std::chrono::nanoseconds;

  test_clock() noexcept
      : clock{.monotonic = &read<&test_clock::monotonic_>,
              .wall = &read<&test_clock::wall_>,
              .recheck = std::chrono::microseconds(500)} {}

  void pass(time t) noexcept {  // of both
    monotonic_.fetch_add(t.count(), std::memory_order_relaxed);
    wall_.fetch_add(t.count(), std::memory_order_relaxed);
  }
  void step(time t) noexcept { wall_.fetch_add(t.count(), std::memory_order_relaxed); }

  // Waits until the clock has been read some more times: whoever sleeps by it has seen what it says now, and gone on
  // with that. False: nobody reads it within the deadline.
  [[nodiscard]] bool was_seen() const {
    const unsigned before = reads_.load(std::memory_order_relaxed);
    return eventually([&] { return reads_.load(std::memory_order_relaxed) - before >= 8; });
  }

 private:
  // All relaxed: numbers that stand for themselves.
  template <std::atomic<time::rep> test_clock::*Which>
  static time read(const clock& self) noexcept {
    const auto& mine = static_cast<const test_clock&>(self);
    mine.reads_.fetch_add(1, std::memory_order_relaxed);
    return time((mine.*Which).load(std::memory_order_relaxed));
  }

  std::atomic<time::rep> monotonic_{time(std::chrono::hours(5)).count()};
  std::atomic<time::rep> wall_{time(std::chrono::hours(24 * 365 * 50)).count()};
  mutable std::atomic<unsigned> reads_{0};
};

}  // namespace weir::test
