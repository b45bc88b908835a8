// One place of a handle table: what a handle stands for, in one word. Internal; README: HANDLES.md.
//
// A handle is looked at by one load, so what it says is from one moment: the object, what may be done with it, and of
// what type it is. Whoever looks is in an RCU section, and an object whose handle is closed meanwhile stays what it is
// until the section has ended.
//
//     bits    name        meaning
//     0-20    access      rights: the specific ones (0-15) and the standard ones (16-20), as in NT's ACCESS_MASK
//     21      inherit     OBJ_INHERIT: kept for who asks; handles do not go to other processes
//     22      protected   not closed by NtClose
//     23      body        the object has more to it than its cell (body.h)
//     25-49   number      the object's cell
//     50-59   generation  of the cell when the handle was made, its lower bits: the same as long as one may look
//     60-63   type        none: the place is free
//
//     of a place that is free: 0-23 the next free one, 25-49 0. Of one in limbo (handle_table.h) the same, and number,
//     and body in bit 24. Written by who has the table's lock, or has just emptied the place by its exchange.
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"

namespace weir::nt::detail {

// What an object is to who names it by a handle.
enum class type : std::uint8_t { none, event, semaphore, mutant, timer, keyed_event, thread, process };

using access_mask = std::uint32_t;

class entry {
 public:
  static constexpr unsigned access_bits = 21;
  static constexpr unsigned number_bits = 25;
  static constexpr unsigned generation_bits = 10;
  static constexpr unsigned index_bits = 24;

  constexpr entry() noexcept = default;
  constexpr explicit entry(std::uint64_t bits) noexcept : bits_(bits) {}
  [[nodiscard]] static constexpr entry make(type t, access_mask access, std::uint32_t cell, std::uint32_t generation,
                                            bool has_body) noexcept {
    return entry(std::uint64_t{static_cast<std::uint8_t>(t)} << type_shift |
                 (std::uint64_t{generation} & ((1u << generation_bits) - 1)) << generation_shift |
                 std::uint64_t{cell} << number_shift | (access & all_access) | (has_body ? body_bit : 0));
  }

  [[nodiscard]] WEIR_INLINE constexpr type what() const noexcept { return static_cast<type>(bits_ >> type_shift); }
  [[nodiscard]] WEIR_INLINE constexpr bool is_any() const noexcept { return what() != type::none; }
  [[nodiscard]] WEIR_INLINE constexpr access_mask access() const noexcept {
    return static_cast<access_mask>(bits_) & all_access;
  }
  [[nodiscard]] WEIR_INLINE constexpr bool may(access_mask wanted) const noexcept { return (wanted & ~access()) == 0; }
  [[nodiscard]] WEIR_INLINE constexpr std::uint32_t number() const noexcept {
    return static_cast<std::uint32_t>(bits_ >> number_shift) & ((1u << number_bits) - 1);
  }
  [[nodiscard]] WEIR_INLINE constexpr bool is_of(std::uint32_t generation) const noexcept {
    return ((bits_ >> generation_shift ^ generation) & ((1u << generation_bits) - 1)) == 0;
  }
  // Of the type, and may: in one comparison.
  [[nodiscard]] WEIR_INLINE constexpr bool is(type t, access_mask wanted) const noexcept {
    const std::uint64_t demanded = std::uint64_t{static_cast<std::uint8_t>(t)} << type_shift | (wanted & all_access);
    return (bits_ & (type_mask | (wanted & all_access))) == demanded && (wanted & ~all_access) == 0;
  }
  [[nodiscard]] constexpr bool has_body() const noexcept { return (bits_ & body_bit) != 0; }
  [[nodiscard]] constexpr bool is_protected() const noexcept { return (bits_ & protected_bit) != 0; }
  [[nodiscard]] constexpr bool is_inherited() const noexcept { return (bits_ & inherit_bit) != 0; }

  // The same object by another handle.
  [[nodiscard]] constexpr entry with(access_mask access, bool inherit, bool is_protected) const noexcept {
    return entry((bits_ & ~(std::uint64_t{all_access} | inherit_bit | protected_bit)) | (access & all_access) |
                 (inherit ? inherit_bit : 0) | (is_protected ? protected_bit : 0));
  }

  [[nodiscard]] constexpr std::uint64_t bits() const noexcept { return bits_; }

  // A place without a handle. `of`: whose object is still to be let go; none for one that is free.
  [[nodiscard]] static constexpr entry empty(std::uint32_t next, entry of) noexcept {
    return entry(next | std::uint64_t{of.number()} << number_shift | (of.has_body() ? limbo_body_bit : 0));
  }
  [[nodiscard]] constexpr std::uint32_t next() const noexcept {
    return static_cast<std::uint32_t>(bits_) & ((1u << index_bits) - 1);
  }
  // Of one in limbo, as far as it matters to who lets it go.
  [[nodiscard]] constexpr entry limbo() const noexcept {
    return make(type::none, 0, number(), 0, (bits_ & limbo_body_bit) != 0);
  }

  friend constexpr bool operator==(entry a, entry b) noexcept { return a.bits_ == b.bits_; }

 private:
  static constexpr access_mask all_access = (1u << access_bits) - 1;
  static constexpr std::uint64_t inherit_bit = 1u << 21;
  static constexpr std::uint64_t protected_bit = 1u << 22;
  static constexpr std::uint64_t body_bit = 1u << 23;
  static constexpr std::uint64_t limbo_body_bit = 1u << 24;
  static constexpr unsigned number_shift = 25;
  static constexpr unsigned generation_shift = 50;
  static constexpr unsigned type_shift = 60;
  static constexpr std::uint64_t type_mask = std::uint64_t{15} << type_shift;

  std::uint64_t bits_ = 0;
};

class handle_slot {
 public:
  // In a section.
  [[nodiscard]] WEIR_INLINE entry look() const noexcept {
    // [handle-look] Acquire: the object as it was made. Pairs with [handle-shown].
    return entry(word_.load(mutation::order<"handle-look">(std::memory_order_acquire)));
  }

  // Of a place that is nobody else's: the handle is there to be used.
  void show(entry e) noexcept {
    // [handle-shown] Release: the object has been made. Pairs with [handle-look].
    word_.store(e.bits(), mutation::order<"handle-shown">(std::memory_order_release));
  }

  // Empties the place, which is the caller's then: of all who close a handle, one does. The entry that was there; none:
  // there is no handle, or `may_not` says that it stays. Any section that begins once a grace period has been asked for
  // does not see it any more.
  template <class MayNot>
  [[nodiscard]] entry take(MayNot may_not) noexcept {
    entry was = look();
    while (was.is_any() && !may_not(was)) {
      std::uint64_t bits = was.bits();
      if (mutation::removed<"handle-taken">()) {  // wrong on purpose: not by an exchange
        word_.store(0, std::memory_order_relaxed);
        return was;
      }
      // Acquire, as [handle-look]. The store alone orders nothing: who asks for a grace period afterwards does.
      if (word_.compare_exchange_strong(bits, 0, std::memory_order_acquire, std::memory_order_acquire)) return was;
      was = entry(bits);
    }
    return entry();
  }

  // Of a place that is the caller's, under the table's lock.
  void keep(entry e) noexcept { word_.store(e.bits(), std::memory_order_relaxed); }  // no handle: nobody follows it
  [[nodiscard]] entry kept() const noexcept { return entry(word_.load(std::memory_order_relaxed)); }  // our own

  // Other attributes for the same handle. False: it is another one now.
  [[nodiscard]] bool change(entry from, entry to) noexcept {
    std::uint64_t bits = from.bits();
    // Release: who sees it sees the object, by this store. [handle-shown]
    return word_.compare_exchange_strong(bits, to.bits(), std::memory_order_acq_rel, std::memory_order_relaxed);
  }

 private:
  weir::atomic<std::uint64_t> word_{0};
};

}  // namespace weir::nt::detail
