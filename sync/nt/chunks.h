// A table that grows, at addresses that never change: chunks of doubling size. Internal.
//
// What is in it is never given back, and is found by its number without a lock. In a shared segment the chunks will be
// parts of a mapping; what is stored in them are numbers all the same.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <new>

#include "weir/barrier/atomic.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/cell.h"

namespace weir::nt::detail {

// Numbers 1 to Limit - 1; the first chunk has `First` places, a power of two.
template <class T, number First, number Limit>
class chunks {
 public:
  // `n` has been made, and whoever told its number has known so.
  [[nodiscard]] WEIR_INLINE T& at(number n) const noexcept {
    const place p = locate(n);
    return chunks_[p.chunk].load(std::memory_order_acquire)[p.at];  // [chunks]
  }

  // Null: it was never made.
  [[nodiscard]] T* find(number n) const noexcept {
    const place p = locate(n);
    T* const chunk = chunks_[p.chunk].load(std::memory_order_acquire);  // [chunks]
    return chunk != nullptr ? chunk + p.at : nullptr;
  }

  // Null: out of memory, or out of numbers. Thread-safe: yes.
  [[nodiscard]] T* make(number n) noexcept {
    if (n >= Limit) return nullptr;
    const place p = locate(n);
    T* chunk = chunks_[p.chunk].load(std::memory_order_acquire);  // [chunks]
    if (chunk == nullptr) chunk = grow(p.chunk);
    return chunk != nullptr ? chunk + p.at : nullptr;
  }

 private:
  static_assert(std::has_single_bit(First));
  static constexpr std::size_t count = static_cast<std::size_t>(std::bit_width((Limit - 1) / First)) + 1;

  struct place {
    std::size_t chunk;
    std::size_t at;
  };
  static constexpr number start_of(std::size_t chunk) noexcept { return chunk == 0 ? 0 : First << (chunk - 1); }
  static constexpr std::size_t size_of(std::size_t chunk) noexcept { return chunk == 0 ? First : start_of(chunk); }
  WEIR_INLINE static constexpr place locate(number n) noexcept {
    const auto chunk = static_cast<std::size_t>(std::bit_width(n / First));
    return {chunk, n - start_of(chunk)};
  }

  WEIR_COLD T* grow(std::size_t chunk) noexcept {
    T* const made = new (std::nothrow) T[size_of(chunk)];
    if (made == nullptr) return nullptr;
    T* found = nullptr;
    // [chunks] Release: what is in it is constructed before it is found. Acquire: so is what a faster thread has made.
    // Both ends are here.
    if (chunks_[chunk].compare_exchange_strong(found, made, std::memory_order_acq_rel, std::memory_order_acquire)) {
      return made;
    }
    delete[] made;
    return found;
  }

  std::array<weir::atomic<T*>, count> chunks_{};
};

}  // namespace weir::nt::detail
