// How long to wait, as users say it: never give up, for a time, or until a moment of the wall clock.
//
// A relative timeout is measured by the monotonic clock: whoever sets the wall clock meanwhile does not move it. An
// absolute one follows the wall clock wherever it is set.
//
// Example:
//
//     wait(timeout::never());
//     wait(timeout::after(std::chrono::milliseconds(10)));
//     wait(timeout::at(std::chrono::system_clock::now() + std::chrono::hours(1)));
#pragma once

#include <chrono>
#include <concepts>
#include <ratio>
#include <utility>

#include "weir/sync/park/clock.h"
#include "weir/sync/park/deadline.h"

namespace weir::park {

class timeout {
 public:
  constexpr timeout() noexcept = default;  // never
  [[nodiscard]] static constexpr timeout never() noexcept { return {}; }

  // From the beginning of the wait. Zero or less: do not wait at all. What is longer than the clock's largest value is
  // that, whatever it is counted in.
  [[nodiscard]] static constexpr timeout after(std::chrono::nanoseconds time) noexcept {
    return {deadline::kind::monotonic, time};
  }
  template <class Rep, class Period>
  requires std::convertible_to<std::chrono::duration<Rep, Period>, std::chrono::nanoseconds>
  [[nodiscard]] static constexpr timeout after(std::chrono::duration<Rep, Period> time) noexcept {
    return after(saturated(time));
  }
  // Since 1970-01-01 00:00 UTC, also before it. What the clock cannot tell is its largest value, or its least one.
  [[nodiscard]] static constexpr timeout at(std::chrono::nanoseconds since_1970) noexcept {
    return {deadline::kind::wall, since_1970};
  }
  template <class Rep, class Period>
  requires std::convertible_to<std::chrono::duration<Rep, Period>, std::chrono::nanoseconds>
  [[nodiscard]] static constexpr timeout at(std::chrono::duration<Rep, Period> since_1970) noexcept {
    return at(saturated(since_1970));
  }
  template <class Duration>
  requires std::convertible_to<Duration, std::chrono::nanoseconds>
  [[nodiscard]] static constexpr timeout at(
      std::chrono::time_point<std::chrono::system_clock, Duration> moment) noexcept {
    return at(saturated(moment.time_since_epoch()));
  }

  [[nodiscard]] constexpr bool is_never() const noexcept { return what_ == deadline::kind::never; }
  // Whether it can be said without looking at a clock that there is nothing to wait for.
  [[nodiscard]] constexpr bool only_polls() const noexcept {
    return what_ == deadline::kind::monotonic && time_ <= std::chrono::nanoseconds::zero();
  }

  // The deadline of a wait that begins now. Reads the clock if the timeout is relative; a sum that is too large for the
  // clock is its largest value.
  [[nodiscard]] deadline from(const clock& by) const noexcept {
    switch (what_) {
      case deadline::kind::never: break;
      case deadline::kind::wall: return deadline::wall(time_, by);
      case deadline::kind::monotonic: return deadline::monotonic(sum(by.monotonic(by), time_), by);
    }
    return deadline::never();
  }

 private:
  constexpr timeout(deadline::kind what, std::chrono::nanoseconds time) noexcept : time_(time), what_(what) {}
  // Of a multiple of nanoseconds, in integers.
  template <class Rep, class Period>
  [[nodiscard]] static constexpr std::chrono::nanoseconds saturated(std::chrono::duration<Rep, Period> time) noexcept {
    using std::chrono::nanoseconds;
    constexpr nanoseconds::rep each = std::ratio_divide<Period, std::nano>::num;
    constexpr nanoseconds::rep most = nanoseconds::max().count() / each;
    if (std::cmp_greater(time.count(), most)) return nanoseconds::max();
    if (std::cmp_less(time.count(), -most)) return nanoseconds::min();
    return nanoseconds(static_cast<nanoseconds::rep>(time.count()) * each);
  }
  [[nodiscard]] static constexpr std::chrono::nanoseconds sum(std::chrono::nanoseconds now,
                                                              std::chrono::nanoseconds time) noexcept {
    constexpr auto zero = std::chrono::nanoseconds::zero();
    if (time <= zero) return now;
    return now > std::chrono::nanoseconds::max() - time ? std::chrono::nanoseconds::max() : now + time;
  }

  std::chrono::nanoseconds time_{0};
  deadline::kind what_ = deadline::kind::never;
};

}  // namespace weir::park
