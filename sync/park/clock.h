// Where the time is read from that waits are measured by. A test hands in a clock of its own.
//
// Example: time that stands still until a test moves it (tests/sync/park/clock.h)
//
//     struct my_clock : clock { ... };
//     const deadline until = timeout::after(std::chrono::seconds(3)).from(mine);   // it is asked through `until`
#pragma once

#include <chrono>

namespace weir::park {

// Two clocks that are read together. Plain data: whoever makes one keeps it for as long as a deadline refers to it.
// Its functions may be called by any thread, and must not block.
struct clock {
  using reading = std::chrono::nanoseconds (*)(const clock& self) noexcept;

  reading monotonic;  // that nobody sets; from some moment on
  reading wall;       // that may be set at any time; since 1970-01-01 00:00 UTC
  // How long a sleeper may go without reading it again. Zero: these are the clocks of the system's kernel, which it can
  // be told to watch itself.
  std::chrono::nanoseconds recheck{0};
};

// The system's own: CLOCK_MONOTONIC and CLOCK_REALTIME, or what std::chrono has. Signal-safe: yes.
[[nodiscard]] const clock& system_clock() noexcept;

}  // namespace weir::park
