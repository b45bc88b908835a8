// One hazard pointer: what it protects, and whether anybody owns it.
//
// Internal; apart from the threads' slots, so that the model checker runs it (tests/model/hazard_model.cc). README.md
// has the proof.
//
//     value   free_slot: nobody owns it. 0: owned, and protects nothing. Else the address of what it protects.
//             From free to 0 by the thread that the slot belongs to, or under the lock of those that belong to none.
//             All other changes by whoever owns it, in whatever thread: a hazard pointer can be moved.
//
// Free is not 0, because a null pointer can be protected; and owned is not free, because an owner that does not protect
// anything yet must keep its slot.
#pragma once

#include <concepts>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/fail.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"

namespace weir::hazard::detail {

using address = std::uintptr_t;

// No object's address, and no mark that programs put into pointers; one that fits into an instruction.
inline constexpr address free_slot = static_cast<address>(std::intptr_t{-0x5a5a5a5b});
static_assert(free_slot % 2 == 1);
inline constexpr address nothing = 0;

[[nodiscard]] inline address address_of(const volatile void* p) noexcept { return reinterpret_cast<address>(p); }

class slot {
 public:
  constexpr slot() noexcept = default;
  // A template, since a model checker's atomics are no constants.
  template <std::same_as<address> A>
  constexpr explicit slot(A first) noexcept : value_(first) {}

  // Who may take it: see above.
  [[nodiscard]] WEIR_INLINE bool is_free() const noexcept {
    // [slot-take] Acquire: what its last owner has read while it was protected comes before. Pairs with [slot-drop].
    return value_.load(mutation::order<"slot-take">(std::memory_order_acquire)) == free_slot;
  }

  // The owner; take() by who has found it free.
  WEIR_INLINE void take() noexcept { set(nothing); }
  WEIR_INLINE void set(address a) noexcept {
    WEIR_ASSERT(a != free_slot, "a hazard pointer is to protect an address that is none");
    // [slot-set] Release: what was read under the protection that ends comes before. Pairs with [slot-look].
    value_.store(a, mutation::order<"slot-set">(std::memory_order_release));
  }
  WEIR_INLINE void drop() noexcept {
    // [slot-drop] Release: the same, for [slot-look], and for the next owner, [slot-take].
    value_.store(free_slot, mutation::order<"slot-drop">(std::memory_order_release));
  }

  // Who reclaims, after a heavy().
  [[nodiscard]] address look() const noexcept {
    // [slot-look] Acquire: whichever value is read, what was read under protections before that one has been read.
    // Pairs with [slot-set] and [slot-drop].
    return value_.load(mutation::order<"slot-look">(std::memory_order_acquire));
  }

 private:
  weir::atomic<address> value_{free_slot};
};

// Protects what `source` points to, and returns it. `of` says which address a value of the source leads to. The first
// try is apart from the others, so that a compiler sees in it where the slot comes from.
template <class Value, class Slot, class Source, class Of>
WEIR_INLINE Value protect(Slot mine, const Source& source, Of of) {
  const auto once = [&](Value p) {
    mine->set(of(p));
    // [protect] light() between the slot and the source; pairs with the heavy() between the unlinking and [slot-look],
    // [retire]. If ours is first, the slot is seen, and the object kept; if heavy() is first, we see that the source
    // has changed. No third case.
    if (!mutation::removed<"protect">()) mine.light();
    // [validate] Acquire: the object is as who published it left it. Pairs with the user's store.
    return source.load(mutation::order<"validate">(std::memory_order_acquire));
  };
  Value p = source.load(std::memory_order_relaxed);  // a guess
  Value now = once(p);
  while (now != p) [[unlikely]] {
      p = now;
      now = once(p);
    }
  return p;
}

}  // namespace weir::hazard::detail
