// NT's time: 100-ns ticks since 1601, and how a wait's LARGE_INTEGER is meant.
//
// Nothing else in Weir knows of ticks: a wait is given a park::timeout.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

#include "weir/sync/park/timeout.h"

namespace weir::nt {

inline constexpr std::int64_t nanoseconds_per_tick = 100;

// 1970-01-01 00:00 UTC, in ticks since 1601-01-01: 369 years, 89 of them leap years.
inline constexpr std::int64_t ticks_until_1970 = (std::int64_t{369} * 365 + 89) * 24 * 60 * 60 * 10'000'000;

// `n` ticks; what is too long for a clock of nanoseconds, in either direction, is the longest there is.
[[nodiscard]] constexpr std::chrono::nanoseconds ticks(std::int64_t n) noexcept {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / nanoseconds_per_tick;
  if (n > most) return std::chrono::nanoseconds::max();
  if (n < -most) return std::chrono::nanoseconds::min();
  return std::chrono::nanoseconds(n * nanoseconds_per_tick);
}

// As NT's waits take it. Null: never. Negative: so long, from now. 0: the wait does not block. Positive: a moment of the
// wall clock, since 1601. (Windows SDK, KeWaitForSingleObject.)
[[nodiscard]] constexpr park::timeout timeout_of(const std::int64_t* time) noexcept {
  if (time == nullptr) return park::timeout::never();
  if (*time > 0) return park::timeout::at(ticks(*time - ticks_until_1970));
  if (*time == std::numeric_limits<std::int64_t>::min()) return park::timeout::after(std::chrono::nanoseconds::max());
  return park::timeout::after(ticks(-*time));
}

// The wall clock as NT tells it. `since_1970`: not negative by more than a clock of nanoseconds goes back.
[[nodiscard]] constexpr std::int64_t system_time(std::chrono::nanoseconds since_1970) noexcept {
  return since_1970.count() / nanoseconds_per_tick + ticks_until_1970;
}

}  // namespace weir::nt
