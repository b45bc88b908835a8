// When a wait ends at the latest: never, at a point of the wall clock, or at a point of the monotonic clock.
//
// A deadline is a moment, and so it can be handed to one sleep after the other; what users say is a timeout
// (timeout.h), which becomes a deadline when the wait begins.
//
// Example:
//
//     const deadline until = timeout::after(std::chrono::milliseconds(10)).from(system_clock());
//     while (word.load(std::memory_order_acquire) == 0 && parker.park(word, 0, until)) { }
#pragma once

#include <algorithm>
#include <chrono>
#include <limits>

#include "weir/sync/park/clock.h"

namespace weir::park {

class deadline {
 public:
  enum class kind : unsigned char { never, wall, monotonic };

  // Of the system's wall clock: how late a sleeper that cannot have the kernel watch it notices that it was set.
  static constexpr std::chrono::nanoseconds notices_steps = std::chrono::milliseconds(250);

  constexpr deadline() noexcept = default;
  [[nodiscard]] static constexpr deadline never() noexcept { return {}; }
  [[nodiscard]] static constexpr deadline wall(std::chrono::nanoseconds since_1970, const clock& by) noexcept {
    return {kind::wall, since_1970, by};
  }
  [[nodiscard]] static constexpr deadline monotonic(std::chrono::nanoseconds at, const clock& by) noexcept {
    return {kind::monotonic, at, by};
  }

  [[nodiscard]] constexpr kind what() const noexcept { return what_; }
  // The moment, by its clock. Not of never().
  [[nodiscard]] constexpr std::chrono::nanoseconds at() const noexcept { return at_; }

  // Reads the clock. Nothing is returned as passed that is not.
  [[nodiscard]] bool passed() const noexcept { return what_ != kind::never && at_ <= now(); }

  // What is left, zero if it has passed; the longest time there is for never(), and where it would be longer than that.
  [[nodiscard]] std::chrono::nanoseconds left() const noexcept {
    if (what_ == kind::never) return std::chrono::nanoseconds::max();
    const std::chrono::nanoseconds n = now();
    if (at_ <= n) return zero;
    if (n < zero && at_ > std::chrono::nanoseconds::max() + n) return std::chrono::nanoseconds::max();
    return at_ - n;
  }

  // How long to sleep at most before the clock is read again, for who can only sleep for a time.
  [[nodiscard]] std::chrono::nanoseconds nap() const noexcept {
    const std::chrono::nanoseconds rest = left();
    if (what_ == kind::never) return rest;
    if (clock_->recheck != zero) return std::min(rest, clock_->recheck);
    return what_ == kind::wall ? std::min(rest, notices_steps) : rest;
  }

  // What to tell a kernel that can watch its own clocks: this deadline, or the end of a nap, where the clock is
  // another.
  [[nodiscard]] deadline for_kernel() const noexcept {
    if (what_ == kind::never || clock_->recheck == zero) return *this;
    const clock& system = system_clock();
    const std::chrono::nanoseconds now = system.monotonic(system);
    return monotonic(now + std::min(nap(), std::chrono::nanoseconds::max() - now), system);
  }

 private:
  static constexpr std::chrono::nanoseconds zero = std::chrono::nanoseconds::zero();

  constexpr deadline(kind what, std::chrono::nanoseconds at, const clock& by) noexcept
      : at_(at), clock_(&by), what_(what) {}
  [[nodiscard]] std::chrono::nanoseconds now() const noexcept {
    return what_ == kind::wall ? clock_->wall(*clock_) : clock_->monotonic(*clock_);
  }

  std::chrono::nanoseconds at_{0};
  const clock* clock_ = nullptr;
  kind what_ = kind::never;
};

}  // namespace weir::park
