// Refusals that a test asks of a shim: the calls of one kind, counted, and which of them fail with what.
#pragma once

#include <atomic>
#include <climits>
#include <mutex>

namespace weir::shim {

// One kind of call. Thread-safe: yes; but it orders nothing between threads, so as not to hide from ThreadSanitizer
// what the caller lacks, unless refusals are planned. Signal-safe: no.
class refusals {
 public:
  static constexpr int for_ever = INT_MAX;

  // After `after` more calls that are let through, `times` calls fail with `code`.
  void plan(int code, int times = 1, int after = 0) noexcept {
    const std::lock_guard hold(lock_);
    code_ = code;
    times_ = times;
    after_ = after;
    planned_.store(times != 0, std::memory_order_relaxed);  // the plan is read under the lock
  }

  // What the next call fails with; 0: nothing. Counts it.
  [[nodiscard]] int next() noexcept {
    calls_.fetch_add(1, std::memory_order_relaxed);  // a number
    if (!planned_.load(std::memory_order_relaxed)) return 0;
    const std::lock_guard hold(lock_);
    if (times_ == 0) return 0;
    if (after_ > 0) {
      --after_;
      return 0;
    }
    if (times_ != for_ever && --times_ == 0) planned_.store(false, std::memory_order_relaxed);  // under the lock
    return code_;
  }

  [[nodiscard]] unsigned calls() noexcept { return calls_.load(std::memory_order_relaxed); }

 private:
  std::mutex lock_;
  int code_ = 0;
  int times_ = 0;
  int after_ = 0;
  std::atomic<bool> planned_{false};
  std::atomic<unsigned> calls_{0};
};

}  // namespace weir::shim
