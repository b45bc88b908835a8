// The clock that both sides start by: the finest that every CPU of the machine agrees on.
//
// One file per processor: clock_x86.cc reads the time-stamp counter, clock_other.cc steady_clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace litmus {

using ticks = std::int64_t;

[[nodiscard]] ticks now() noexcept;

// Measured once, over 20 ms; about 1 % exact, which is plenty for phases and delays.
[[nodiscard]] inline double ticks_per_ns() noexcept {
  static const double measured = [] {
    using clock = std::chrono::steady_clock;
    const clock::time_point begin = clock::now();
    const ticks first = now();
    while (clock::now() - begin < std::chrono::milliseconds(20)) {
    }
    const ticks last = now();
    const std::chrono::duration<double, std::nano> took = clock::now() - begin;
    return static_cast<double>(last - first) / took.count();
  }();
  return measured;
}

[[nodiscard]] inline ticks from_ns(double ns) noexcept { return static_cast<ticks>(ns * ticks_per_ns()); }
[[nodiscard]] inline double to_ns(ticks t) noexcept { return static_cast<double>(t) / ticks_per_ns(); }

}  // namespace litmus
