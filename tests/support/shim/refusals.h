// Refusals that a test asks of a shim: the calls of one kind, counted, and which of them fail with what.
#pragma once

#include <climits>
#include <mutex>

namespace weir::shim {

// One kind of call. Thread-safe: yes. Signal-safe: no.
class refusals {
 public:
  static constexpr int for_ever = INT_MAX;

  // After `after` more calls that are let through, `times` calls fail with `code`.
  void plan(int code, int times = 1, int after = 0) noexcept {
    const std::lock_guard hold(lock_);
    code_ = code;
    times_ = times;
    after_ = after;
  }

  // What the next call fails with; 0: nothing. Counts it.
  [[nodiscard]] int next() noexcept {
    const std::lock_guard hold(lock_);
    ++calls_;
    if (times_ == 0) return 0;
    if (after_ > 0) {
      --after_;
      return 0;
    }
    if (times_ != for_ever) --times_;
    return code_;
  }

  [[nodiscard]] unsigned calls() noexcept {
    const std::lock_guard hold(lock_);
    return calls_;
  }

 private:
  std::mutex lock_;
  int code_ = 0;
  int times_ = 0;
  int after_ = 0;
  unsigned calls_ = 0;
};

}  // namespace weir::shim
