// What detectors have in common: rounds and violations counted, threads that go on until all is over.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "tests/sync/nt/detectors.h"
#include "tests/sync/nt/worker.h"

namespace weir::nt::test {

// Rounds are counted by one thread, violations by any.
class tally {
 public:
  explicit tally(const effort& e) : effort_(e), end_(std::chrono::steady_clock::now() + e.most) {}

  // Whether to go on.
  bool next_round() {
    const std::uint64_t n = rounds_.fetch_add(1, std::memory_order_relaxed);  // a count
    const bool late = n % 64 == 0 && std::chrono::steady_clock::now() > end_;
    const bool done =
        effort_.until_found ? late || violations_.load(std::memory_order_relaxed) != 0 : n == effort_.rounds;
    if (done) over_.store(true, std::memory_order_relaxed);  // seen some time
    return !done;
  }
  void violation() { violations_.fetch_add(1, std::memory_order_relaxed); }  // a count
  void check(bool right) {
    if (!right) violation();
  }
  [[nodiscard]] bool is_over() const { return over_.load(std::memory_order_relaxed); }

  [[nodiscard]] found result() const {
    return {rounds_.load(std::memory_order_relaxed) - 1, violations_.load(std::memory_order_relaxed)};
  }

 private:
  const effort effort_;
  const std::chrono::steady_clock::time_point end_;
  std::atomic<std::uint64_t> rounds_{0};
  std::atomic<std::uint64_t> violations_{0};
  std::atomic<bool> over_{false};
};

// Threads that never come back cannot be joined. What that is a sign of is found.
[[noreturn]] inline void stuck() {
  std::fputs("threads do not come back\n", stderr);
  std::_Exit(exit_stuck);
}

// Threads that run until they find that it is over.
class load {
 public:
  ~load() { join(); }
  void add(std::function<void()> body) { threads_.emplace_back(std::move(body)); }
  void join() {
    for (std::thread& t : threads_) {
      if (t.joinable()) t.join();
    }
  }

 private:
  std::vector<std::thread> threads_;
};

// In the queues of its wait, asleep or not.
[[nodiscard]] inline bool is_waiting(const detail::native_record& r) {
  return detail::phase::of(r.state.load(std::memory_order_acquire)) == detail::phase::pending;
}
[[nodiscard]] inline bool is_waiting(const worker& w) { return is_waiting(w.record()); }

}  // namespace weir::nt::test
