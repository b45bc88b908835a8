// Retired objects, as many as one thread collects before it hands them over. Internal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#include "weir/barrier/atomic.h"
#include "weir/barrier/port.h"
#include "weir/rcu/handover.h"
#include "weir/rcu/record.h"

namespace weir::rcu {

// What is to be called once no section can hold the object any more. `run` must not throw.
struct retired {
  void* object = nullptr;
  void (*run)(void* object) = nullptr;
};

namespace detail {

// One block of memory with room for `room` entries after the head; 4 KiB at most.
class segment {
 public:
  static constexpr std::uint32_t most = 250;  // entries that a segment can have

  // Null: out of memory.
  [[nodiscard]] static segment* make(std::uint32_t room) noexcept {
    void* const at = ::operator new(sizeof(segment) + room * sizeof(retired), std::nothrow);
    return at != nullptr ? new (at) segment(room) : nullptr;
  }
  static void destroy(segment* s) noexcept { ::operator delete(s); }

  // The owner. False: it is full.
  [[nodiscard]] WEIR_INLINE bool append(retired what) noexcept {
    const std::uint32_t n = hand.written();
    if (n == room) [[unlikely]] {
      return false;
    }
    *entry(n) = what;
    hand.append(n + 1);
    return true;
  }

  [[nodiscard]] WEIR_INLINE retired* entry(std::uint32_t i) noexcept {
    return reinterpret_cast<retired*>(this + 1) + i;
  }

  handover hand;
  const std::uint32_t room;
  std::uint32_t credit;  // objects that were counted for it: all that there is room for, or those that are in it
  // Entries before this one are run, or about to be. Written by who has the segment, or has seized it; a child after
  // fork() goes on from here.
  weir::atomic<std::uint32_t> first{0};

  // Of who has it, or has seized it:
  std::uint32_t end = 0;         // entries before this one are to be run when `target` has ended
  bool borrowed = false;         // it was seized: its owner may be appending
  const void* runner = nullptr;  // what marks the thread that runs it
  period target = 0;
  std::uint64_t serial = 0;  // its place among all segments of the domain
  segment* next = nullptr;
  segment* prior = nullptr;  // while it is being run

 private:
  explicit segment(std::uint32_t entries) noexcept : room(entries), credit(entries) {}
};
static_assert(sizeof(segment) + segment::most * sizeof(retired) <= 4096);
static_assert(sizeof(segment) % alignof(retired) == 0);

}  // namespace detail
}  // namespace weir::rcu
