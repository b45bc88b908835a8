#include "weir/sync/park/spin.h"

#include <algorithm>

#include "weir/barrier/port.h"
#include "weir/sync/park/clock.h"

namespace weir::park {
namespace {

// The shortest of a few rounds: a longer one was interrupted.
std::chrono::nanoseconds measure_pause() noexcept {
  constexpr int pauses = 64;
  const clock& system = system_clock();
  auto best = std::chrono::nanoseconds::max();
  for (int round = 0; round < 4; ++round) {
    const std::chrono::nanoseconds begin = system.monotonic(system);
    for (int i = 0; i < pauses; ++i) port::relax();
    best = std::min(best, system.monotonic(system) - begin);
  }
  return std::max(best / pauses, std::chrono::nanoseconds(1));
}

}  // namespace

constinit spin spin::own_;

spin::spin(std::chrono::nanoseconds pause, detail::cpus here) noexcept { begin(pause, here); }

void spin::begin(std::chrono::nanoseconds pause, detail::cpus here) noexcept {
  const std::int64_t its = std::max(pause, std::chrono::nanoseconds(1)).count();
  only_.store(here.count == 1 ? here.only : none, std::memory_order_relaxed);
  several_.store(here.count == 1 ? 0 : doubts, std::memory_order_relaxed);
  set(first_guess, its);
  // [spin-begun] Release: a child of fork() that finds it finds the rest, too, and does not come here again.
  pause_.store(its, std::memory_order_release);
}

// Twice, by two threads, does no harm.
void spin::begin_in_this_process() noexcept { own_.begin(measure_pause(), detail::cpus_of_this_thread()); }

void spin::set(std::chrono::nanoseconds latency, std::int64_t pause) noexcept {
  latency_.store(latency.count(), std::memory_order_relaxed);
  pauses_.store(static_cast<std::uint32_t>(2 * latency.count() / pause), std::memory_order_relaxed);
}

void spin::measured(std::chrono::nanoseconds time) noexcept {
  const std::chrono::nanoseconds believed = std::clamp(time, std::chrono::nanoseconds::zero(), most);
  const std::chrono::nanoseconds before = latency();
  set(before + (believed - before) / 8, pause_.load(std::memory_order_relaxed));
}

void spin::saw(detail::cpus here) noexcept {
  const std::uint32_t mine = here.count == 1 ? here.only : none;
  const std::uint32_t last = only_.load(std::memory_order_relaxed);
  const std::uint32_t left = several_.load(std::memory_order_relaxed);
  if (mine != last) only_.store(mine, std::memory_order_relaxed);
  if (mine == none || mine != last) {
    several_.store(doubts, std::memory_order_relaxed);
  } else if (left != 0) {
    several_.store(left - 1, std::memory_order_relaxed);
  }
}

}  // namespace weir::park
