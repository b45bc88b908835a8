// What both sides of a duel do alike: get ready, wait for the moment, hold back, store, pass the barrier, load.
//
// Internal to duel.cc.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "tests/litmus/arena.h"
#include "tests/litmus/clock.h"
#include "tests/litmus/machine.h"
#include "tests/litmus/random.h"
#include "tests/litmus/tally.h"

namespace litmus {

// How far from the planned moment a side may leave its wait and still count as having overlapped.
inline constexpr double slack_ns = 200;

// Spins until `done()`. The other side always answers within a batch: if it does not, it has died.
template <class Done>
void await(Done done) {
  static const ticks patience = from_ns(30e9);
  const ticks begin = now();
  while (!done()) {
    weir::port::relax();
    if (now() - begin > patience) {
      std::fputs("litmus: the other side has not answered for 30 s\n", stderr);
      std::exit(inconclusive);
    }
  }
}

// Stores to these lines miss every cache and TLB, so the store behind them waits in the store buffer for long.
class cold_lines {
 public:
  static constexpr std::size_t stores = 40;
  static constexpr std::size_t bytes = std::size_t{512} << 20;

  // Draws the lines; outside the measured part.
  void prepare(random& r) {
    if (!memory_) memory_ = cold_memory(bytes);
    for (char*& line : lines_) line = memory_->begin + r.next() % (memory_->bytes / 64) * 64;
  }

  void store() const noexcept {
    for (char* const line : lines_) *static_cast<volatile char*>(line) = 1;
  }

 private:
  std::optional<memory> memory_;
  std::array<char*, stores> lines_{};
};

// The load that brings a line into this side's cache; its value means nothing.
inline void touch(const std::atomic<std::uint32_t>& word) noexcept {
  static_cast<void>(word.load(std::memory_order_relaxed));
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

// One side's part of one iteration. `mine` and `other` are x and y, or y and x.
template <bool HoldBack, class Barrier>
answer act(std::atomic<std::uint32_t>& mine, const std::atomic<std::uint32_t>& other, const cold_lines& cold, ticks at,
           ticks slack, const Barrier& barrier) {
  ticks left;
  while ((left = now()) < at) {
  }
  if constexpr (HoldBack) cold.store();
  std::atomic_signal_fence(std::memory_order_seq_cst);
  mine.store(1, std::memory_order_relaxed);  // relaxed, and below: the barrier between the two is what is tested
  barrier();
  const bool saw = other.load(std::memory_order_relaxed) != 0;
  return {saw, left - at <= slack};
}

}  // namespace litmus
