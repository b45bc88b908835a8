// Marsaglia's xorshift64: a few instructions, since it runs between two iterations.
#pragma once

#include <cstdint>

namespace litmus {

class random {
 public:
  explicit random(std::uint64_t seed) noexcept : state_(seed) {}  // not 0

  std::uint64_t next() noexcept {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

  // From -most to most.
  std::int64_t around_zero(std::int64_t most) noexcept {
    if (most <= 0) return 0;
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(2 * most + 1)) - most;
  }

 private:
  std::uint64_t state_;
};

}  // namespace litmus
