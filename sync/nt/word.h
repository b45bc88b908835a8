// The word of a cell: what an object is, and what it is worth. Internal.
//
//     bits    name       meaning, and who writes it
//     0       locked     one thread has the cell; the word has no value then: who reads it waits, or goes the slow way.
//                        Set by an exchange that finds it clear; cleared, with the new value, by that thread's store
//     1       queued     somebody waits: the queue has a node, dead ones included. Written under the lock
//     2       queued_all a node of the queue belongs to a wait for all. Written under the lock; implies queued
//     3-5     kind       what signals mean here; constant from the cell's making to its end
//     6       abandoned  mutant: its owner has ended with it, and nobody has taken it since
//     7       orphan     nothing outside refers to it: it ends with its last node and its owner. Written under the lock
//     8-31    owner      mutant: the owner's record, 0: free. Any other kind: 0
//     32-63   value      event: 0 or 1. Semaphore: the count. Mutant: 0
//
// An unlocked word with the right bits is changed by one exchange, whatever thread it is.
#pragma once

#include <cstdint>

#include "weir/barrier/port.h"

namespace weir::nt::detail {

// What a signal and a wait do to the object. A timer and a thread are events here.
enum class kind : std::uint32_t { none = 0, auto_event = 1, manual_event = 2, semaphore = 3, mutant = 4 };
// The bit that kinds have in common of whose value a wait takes one: an auto event's, which is 1, and a semaphore's.
inline constexpr kind takes_one = kind::auto_event;
[[nodiscard]] constexpr bool has_bits_of(kind k, kind bits) noexcept {
  return (static_cast<std::uint32_t>(k) & static_cast<std::uint32_t>(bits)) != 0;
}
static_assert(has_bits_of(kind::auto_event, takes_one) && has_bits_of(kind::semaphore, takes_one));
static_assert(!has_bits_of(kind::manual_event, takes_one) && !has_bits_of(kind::mutant, takes_one));

namespace word {

using bits = std::uint64_t;

inline constexpr bits locked = 1;
inline constexpr bits queued = 2;
inline constexpr bits queued_all = 4;
inline constexpr unsigned kind_shift = 3;
inline constexpr bits kind_mask = bits{7} << kind_shift;
inline constexpr bits abandoned = 64;
inline constexpr bits orphan = 128;
inline constexpr unsigned owner_shift = 8;
inline constexpr std::uint32_t owner_limit = 1u << 24;
inline constexpr bits owner_mask = bits{owner_limit - 1} << owner_shift;
inline constexpr unsigned value_shift = 32;
inline constexpr bits one = bits{1} << value_shift;
inline constexpr bits value_mask = ~(one - 1);

[[nodiscard]] WEIR_INLINE constexpr kind kind_of(bits w) noexcept {
  return static_cast<kind>((w & kind_mask) >> kind_shift);
}
[[nodiscard]] WEIR_INLINE constexpr std::uint32_t owner_of(bits w) noexcept {
  return static_cast<std::uint32_t>((w & owner_mask) >> owner_shift);
}
[[nodiscard]] WEIR_INLINE constexpr std::uint32_t value_of(bits w) noexcept {
  return static_cast<std::uint32_t>(w >> value_shift);
}
[[nodiscard]] WEIR_INLINE constexpr bits of(kind k) noexcept { return static_cast<bits>(k) << kind_shift; }
[[nodiscard]] WEIR_INLINE constexpr bits of_value(std::uint32_t v) noexcept { return bits{v} << value_shift; }
[[nodiscard]] WEIR_INLINE constexpr bits of_owner(std::uint32_t id) noexcept { return bits{id} << owner_shift; }

// Whether a wait by the thread with record `me` could have it now. The word is not locked, or the caller's.
[[nodiscard]] WEIR_INLINE constexpr bool is_ready(bits w, std::uint32_t me) noexcept {
  if (kind_of(w) != kind::mutant) return value_of(w) != 0;
  return owner_of(w) == 0 || owner_of(w) == me;
}

// Whether there is something to give to whoever waits.
[[nodiscard]] WEIR_INLINE constexpr bool gives(bits w) noexcept {
  return kind_of(w) == kind::mutant ? owner_of(w) == 0 : value_of(w) != 0;
}

// What taking it once leaves, where it is ready, and no mutant.
[[nodiscard]] WEIR_INLINE constexpr bits taken_value(bits w) noexcept {
  // Three steps: a comparison would take six between the look at the word and the exchange.
  return w - ((w & of(takes_one)) << (value_shift - kind_shift));
}

// What taking it once leaves, where it is ready; of a mutant, which is free: the caller's.
[[nodiscard]] WEIR_INLINE constexpr bits taken(kind k, bits w, std::uint32_t me) noexcept {
  if (k == kind::mutant) return (w & ~abandoned) | of_owner(me);
  return taken_value(w);
}

}  // namespace word
}  // namespace weir::nt::detail
