// A parker that tells the process's spin limit how long its wakes take.
//
// Example: measured<native> in the place of native. One wait in 32 is measured, and looks which processors its thread
// may run on; that costs it a system call and two readings of the clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <system_error>

#include "weir/barrier/atomic.h"
#include "weir/sync/park/clock.h"
#include "weir/sync/park/cpus.h"
#include "weir/sync/park/deadline.h"
#include "weir/sync/park/parker.h"
#include "weir/sync/park/spin.h"

namespace weir::park {

// All relaxed: a time that belongs to another wait lies outside of ours, and is not used.
//
//     waits_      so far. The owner's, as the next two
//     asleep_     when it went to sleep the last time in this wait
//     awake_      when it was awake again
//     measures_   whether this wait is measured. Written by the owner
//     waking_     when unpark() was called, in a wait that is measured
template <parker P>
class measured {
 public:
  static constexpr const char* name = P::name;
  static constexpr std::uint32_t each = 32;

  measured() noexcept {}  // NOLINT(modernize-use-equals-default): a duration's constructor is not noexcept

  [[nodiscard]] bool prepare() noexcept {
    bool measures = false;
    if (++waits_ % each == 0) {
      spin& limit = spin::of_this_process();
      limit.saw(detail::cpus_of_this_thread());
      measures = limit.limit() != 0;  // else nobody spins
    }
    measures_.store(measures, std::memory_order_relaxed);
    asleep_ = awake_ = std::chrono::nanoseconds::zero();
    return parker_.prepare();
  }

  [[nodiscard]] bool park(weir::atomic<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept {
    if (!measures_.load(std::memory_order_relaxed)) return parker_.park(word, expected, until);
    asleep_ = now();
    const bool in_time = parker_.park(word, expected, until);
    awake_ = now();
    return in_time;
  }

  void unpark(weir::atomic<std::uint32_t>& word) noexcept {
    if (measures_.load(std::memory_order_relaxed)) waking_.store(now().count(), std::memory_order_relaxed);
    parker_.unpark(word);
  }

  void finish(bool unparked) noexcept {
    parker_.finish(unparked);
    if (!unparked || !measures_.load(std::memory_order_relaxed)) return;
    const std::chrono::nanoseconds waking(waking_.load(std::memory_order_relaxed));
    if (asleep_ < waking && waking < awake_) spin::of_this_process().measured(awake_ - waking);
  }

  [[nodiscard]] std::error_code failure() const noexcept { return parker_.failure(); }

 private:
  [[nodiscard]] static std::chrono::nanoseconds now() noexcept {
    const clock& system = system_clock();
    return system.monotonic(system);
  }

  P parker_;
  std::uint32_t waits_ = 0;
  std::chrono::nanoseconds asleep_{0};
  std::chrono::nanoseconds awake_{0};
  weir::atomic<bool> measures_{false};
  weir::atomic<std::int64_t> waking_{0};
};

}  // namespace weir::park
