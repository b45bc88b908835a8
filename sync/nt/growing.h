// A table that grows in one piece, at addresses that never change. Internal.
//
// For what is found by its number at every call: that takes one load, of where the table begins, and no branch. Its
// address space is reserved by the first number that is made. A shared segment will be one mapping, likewise.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/cell.h"
#include "weir/sync/nt/region.h"

namespace weir::nt::detail {

// Numbers 0 to Limit - 1; fewer where region::reserve() has less address space for them. System: what region does.
template <class T, number Limit, class System = region>
class growing {
 public:
  constexpr growing() noexcept = default;
  growing(const growing&) = delete;
  growing& operator=(const growing&) = delete;
  ~growing() {
    if (reserved_ != 0)
      System::release({start_.load(std::memory_order_relaxed), reserved_});  // nobody uses it any more
  }

  // `n` has been made, which happens before: whoever was told its number was told so.
  [[nodiscard]] WEIR_INLINE T& at(number n) const noexcept { return start_.load(std::memory_order_relaxed)[n]; }

  // Whether the number has been made.
  [[nodiscard]] WEIR_INLINE bool has(std::uintptr_t n) const noexcept {
    return n < made_.load(mutation::order<"grown-found">(std::memory_order_acquire));  // [grown]
  }

  // All numbers up to `n`, which is the next one at most. False: out of memory, or of numbers. Under a lock of the
  // caller's.
  [[nodiscard]] bool make(number n) noexcept {
    return n < made_.load(std::memory_order_relaxed) || grow();  // stored under the lock
  }

 private:
  static_assert(std::has_single_bit(Limit) && std::has_single_bit(sizeof(T)));
  static_assert(std::is_trivially_destructible_v<T>);
  // Bytes that it grows by: as many as there are, between these; and whole pages.
  static constexpr std::size_t least = 16u << 10;
  static constexpr std::size_t most = 1u << 20;
  static_assert(std::size_t{Limit} * sizeof(T) >= most);

  WEIR_COLD bool grow() noexcept {
    const std::size_t smallest = std::max(least, System::page());
    if (reserved_ == 0 && !reserve()) return false;
    const number made = made_.load(std::memory_order_relaxed);  // stored under the lock
    const std::size_t bytes = std::size_t{made} * sizeof(T);
    if (bytes == reserved_) return false;
    T* const end = &at(made);
    const std::size_t left = reserved_ - bytes;
    std::size_t more = std::min(std::clamp(bytes, smallest, std::max(most, smallest)), left);
    if (!System::back(end, more)) {
      more = std::min(smallest, left);
      if (!System::back(end, more)) return false;
    }
    std::uninitialized_value_construct_n(end, more / sizeof(T));
    // [grown] Release: they are constructed, and where the table begins. Pairs with has().
    made_.store(made + static_cast<number>(more / sizeof(T)), mutation::order<"grown-made">(std::memory_order_release));
    return true;
  }

  [[nodiscard]] bool reserve() noexcept {
    const piece got = System::reserve(std::size_t{Limit} * sizeof(T));
    if (got.start == nullptr) return false;
    reserved_ = got.bytes;
    start_.store(static_cast<T*>(got.start), std::memory_order_relaxed);  // shown by the numbers
    return true;
  }

  weir::atomic<T*> start_{nullptr};
  weir::atomic<number> made_{0};
  std::size_t reserved_ = 0;  // bytes; under the lock
};

}  // namespace weir::nt::detail
