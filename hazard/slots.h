// Where the process's hazard pointers are: each thread's own, and some that belong to no thread.
//
// Internal. A thread's first slots lie in one line of a table that is never given back, since a hazard pointer may
// outlive the thread that made it; they are reached by one thread_local pointer. Who needs more than a line gets blocks
// of them. One set serves all domains: whatever is protected, no domain reclaims.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/barrier/barrier.h"
#include "weir/barrier/port.h"
#include "weir/hazard/slot.h"

namespace weir::hazard::detail {

inline constexpr std::size_t slots_in_line = 8;

struct alignas(64) line {
  slot slots[slots_in_line];
};
static_assert(sizeof(line) == 64 || sizeof(slot) != 8);

// The line of a thread that has none, or whose line is not to be taken from the fast way: every slot taken. Never
// written.
extern constinit line taken;

// This thread's line. Atomic, since a signal handler may change it.
extern constinit thread_local weir::atomic<line*> own_line WEIR_TLS_FAST;

// A slot that is owned, or none (empty). With the strategy fence it says so: that light() is a fence there costs the
// others a test of a register, or nothing where the compiler sees where the slot comes from.
class owned {
 public:
  constexpr owned() noexcept = default;
  WEIR_INLINE explicit owned(slot* s, bool with_fences = false) noexcept : slot_(s), with_fences_(with_fences) {}

  [[nodiscard]] WEIR_INLINE bool empty() const noexcept { return slot_ == nullptr; }
  [[nodiscard]] WEIR_INLINE slot* operator->() const noexcept { return slot_; }
  WEIR_INLINE void light() const noexcept {
    if (!with_fences_) [[likely]] {
      barrier::per_form::light_if_asymmetric();
    } else {
      barrier::full();
    }
  }

 private:
  slot* slot_ = nullptr;
  bool with_fences_ = false;
};

// A slot of this thread's, or of nobody's, that was free and is taken. Empty: out of memory.
[[nodiscard]] WEIR_COLD owned take_slowly() noexcept;

[[nodiscard]] WEIR_INLINE line* line_of_own() noexcept {
  return own_line.load(std::memory_order_relaxed);  // our own
}

// What all slots protect, seen after a heavy().
class in_use {
 public:
  in_use() noexcept = default;
  in_use(const in_use&) = delete;
  in_use& operator=(const in_use&) = delete;
  ~in_use();

  // Looks at every slot. Without memory for what it finds it goes through the slots for each holds() instead.
  void look() noexcept;

  [[nodiscard]] bool holds(address a) const noexcept {
    if (a - least_ > range_) [[likely]] {  // unsigned: outside of [least_, least_ + range_]
      return false;
    }
    return finds(a);
  }
  [[nodiscard]] bool holds(const void* p) const noexcept { return holds(address_of(p)); }

  // Slots that protected something.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  [[nodiscard]] bool finds(address a) const noexcept;
  void add(address a) noexcept;
  [[nodiscard]] bool grow() noexcept;

  static constexpr std::size_t few = 64;
  address first_[few];
  address* found_ = first_;
  std::size_t count_ = 0;
  std::size_t room_ = few;
  bool complete_ = true;  // all that was found is in found_
  address least_ = 0;
  address range_ = ~address{0};
};

// A thread's end; its line is the next one's with its number.
void forget_own_line() noexcept;

// Around fork(), on the forking thread: the lock of the slots that belong to no thread.
void lock_slots_for_fork() noexcept;
void unlock_slots_after_fork() noexcept;

}  // namespace weir::hazard::detail
