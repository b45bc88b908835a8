// How long to spin before going to sleep.
//
// To sleep costs a wake: the time from unpark() to the thread's running again. Who spins for as long as two wakes take
// and then sleeps never loses more than a small multiple of what knowing the future would have saved, and whoever is
// woken within that time has saved the sleep. So the limit is twice the wake latency that was measured lately, in
// pauses of the processor; and nothing where there is but one processor, since whoever is to wake us runs when we do
// not.
//
// Example: (measured.h feeds it)
//
//     unsigned left = spin::of_this_process().limit();
//     while (!ready() && left-- != 0) port::relax();
//     if (!ready()) park();
#pragma once

#include <chrono>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/port.h"
#include "weir/sync/park/cpus.h"

namespace weir::park {

// Every number in it is a guess that stands for itself: relaxed, but for the first one's store, and two threads that
// change it at once may lose one of the changes. Signal-safe: yes, but for of_this_process().
//
//     pause_      how long port::relax() takes, in nanoseconds; 0: not measured yet. Written last, and constant then
//     latency_    of a wake, in nanoseconds; an average in which a new measurement has one part in eight
//     pauses_     the limit that follows, if there are several processors
//     only_       the one processor that the last thread which looked could run on; none: it had several
//     several_    how often they are still to find that same one before it is believed; 0: it is
class spin {
 public:
  // Before anything was measured; bounds for what is believed.
  static constexpr std::chrono::nanoseconds first_guess = std::chrono::microseconds(5);
  static constexpr std::chrono::nanoseconds most = std::chrono::microseconds(50);
  static constexpr std::uint32_t doubts = 16;

  // Nothing measured, and no spinning.
  constexpr spin() noexcept = default;
  // `pause`: how long port::relax() takes. `here`: what the first thread may run on.
  spin(std::chrono::nanoseconds pause, detail::cpus here) noexcept;
  spin(const spin&) = delete;
  spin& operator=(const spin&) = delete;

  // That of this process, with a pause that is measured at the first call, which takes some microseconds; by each of
  // the threads that make it at once. No static object of a function: a child of fork() would wait for a thread that
  // is not there.
  [[nodiscard]] static spin& of_this_process() noexcept {
    // [spin-begun] Relaxed: guesses; and in a child of fork(), for whom it matters, nobody else has written.
    if (own_.pause_.load(std::memory_order_relaxed) == 0) begin_in_this_process();
    return own_;
  }

  // How many pauses to make before going to sleep. Zero: one processor. Two loads.
  [[nodiscard]] std::uint32_t limit() const noexcept {
    return several_.load(std::memory_order_relaxed) != 0 ? pauses_.load(std::memory_order_relaxed) : 0;
  }

  // A wake took so long. What is longer than `most` counts as that: the thread, or the machine, had other things to do.
  void measured(std::chrono::nanoseconds latency) noexcept;
  [[nodiscard]] std::chrono::nanoseconds latency() const noexcept {
    return std::chrono::nanoseconds(latency_.load(std::memory_order_relaxed));
  }

  // What the calling thread may run on: to be told now and then by threads that sleep or wake, since it may change.
  // There is one processor only if they all have the same one.
  void saw(detail::cpus here) noexcept;

 private:
  void begin(std::chrono::nanoseconds pause, detail::cpus here) noexcept;
  void set(std::chrono::nanoseconds latency, std::int64_t pause) noexcept;
  WEIR_COLD static void begin_in_this_process() noexcept;

  static constexpr std::uint32_t none = ~std::uint32_t{0};

  static spin own_;
  weir::atomic<std::int64_t> pause_{0};
  weir::atomic<std::int64_t> latency_{0};
  weir::atomic<std::uint32_t> pauses_{0};
  weir::atomic<std::uint32_t> only_{none};
  weir::atomic<std::uint32_t> several_{0};
};

}  // namespace weir::park
