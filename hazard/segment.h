// Retired objects, as many as one thread collects before it hands them over. Internal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#include "weir/barrier/atomic.h"
#include "weir/barrier/port.h"
#include "weir/hazard/slot.h"

namespace weir::hazard::detail {

// What a deleter needs that cannot be kept in the object itself.
struct note {
  address object;  // what may be protected
};

// An object that is to be reclaimed by run(what) once nothing protects it.
struct retired {
  address what = 0;  // the object's address; or a note's, plus 1
  void (*run)(void* what) = nullptr;

  static retired by_note(note* n, void (*run)(void*)) noexcept { return {address_of(n) + 1, run}; }

  // What hazard pointers hold if they protect it.
  [[nodiscard]] address protected_as() const noexcept {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): an address with a mark
    return (what & 1) == 0 ? what : reinterpret_cast<const note*>(what - 1)->object;
  }
  void reclaim() const { run(reinterpret_cast<void*>(what & ~address{1})); }  // NOLINT(performance-no-int-to-ptr)
};

struct bag;

// 4 KiB.
class segment {
 public:
  static constexpr std::uint32_t most = 250;

  constexpr explicit segment(std::uint32_t count) noexcept : written_(count) {}

  // Null: out of memory.
  [[nodiscard]] static segment* make() noexcept {
    void* const at = ::operator new(sizeof(segment) + most * sizeof(retired), std::nothrow);
    return at != nullptr ? new (at) segment(0) : nullptr;
  }
  static void destroy(segment* s) noexcept { ::operator delete(s); }

  // The owner. False: it is full.
  [[nodiscard]] WEIR_INLINE bool append(retired what) noexcept {
    const std::uint32_t n = written_.load(std::memory_order_relaxed);  // our own
    if (n == most) [[unlikely]] {
      return false;
    }
    *entry(n) = what;
    // [bag] Release: the entry is written, and what its retirer did before is done. Pairs with the acquire of
    // written().
    written_.store(n + 1, std::memory_order_release);
    return true;
  }

  // Anybody.
  [[nodiscard]] std::uint32_t written() const noexcept { return written_.load(std::memory_order_acquire); }  // [bag]

  [[nodiscard]] WEIR_INLINE retired* entry(std::uint32_t i) noexcept {
    return reinterpret_cast<retired*>(this + 1) + i;
  }

  // For the next owner, by who has it alone.
  void reset() noexcept {
    written_.store(0, std::memory_order_relaxed);  // handed on under a lock
    first = 0;
  }

  // Under the lock of the bag it is in; entries whose `run` is null have been reclaimed.
  std::uint32_t first = 0;       // entries before this one have been taken out
  std::uint64_t ticket = 0;      // of the heavy() after which the pointers are to be looked at
  std::uint64_t serial = 0;      // while it is looked through: which turn it is, of its bag
  const void* runner = nullptr;  // and by which thread
  segment* next = nullptr;
  segment* prior = nullptr;
  segment* chain = nullptr;  // the next one that the same thread looks through; its own
  bag* home = nullptr;

 private:
  weir::atomic<std::uint32_t> written_;
};
static_assert(sizeof(segment) + segment::most * sizeof(retired) <= 4096);
static_assert(sizeof(segment) % alignof(retired) == 0);

}  // namespace weir::hazard::detail
