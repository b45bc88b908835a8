// What takes an object that is signaled: one exchange; nothing but a look where it is not. Internal.
//
// A wait is a full barrier, whether it takes anything or not: what the thread did before is ordered before what it does
// afterwards, for all threads. Programs were written on a kernel that took a lock each time.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/cell.h"
#include "weir/sync/nt/owned.h"

namespace weir::nt::detail {

enum class attempt {
  taken,
  taken_abandoned,  // a mutant, whose last owner has ended with it
  too_often,        // a mutant that the thread owns as often as can be counted
  not_ready,        // and not locked: it was seen so, with its value
  locked,
};

// Owned so often, a mutant counts -2^31, and no further: it is 1 - recursion, in a LONG.
inline constexpr std::uint32_t most_recursion = (std::uint32_t{1} << 31) + 1;

// By its owner, of whom alone all of it is: no exchange.
template <class Segment>
WEIR_INLINE attempt take_again(cell_of<Segment>& c) noexcept {
  const std::uint32_t owned = c.recursion.load(std::memory_order_relaxed);  // our own
  if (owned == most_recursion) [[unlikely]] {
    return attempt::too_often;
  }
  c.recursion.store(owned + 1, std::memory_order_relaxed);  // our own
  Segment::types::fence();                                  // [wait-fence] Pairs with another thread's.
  return attempt::taken;
}

// `k`: the object's kind, known to the caller; not a mutant.
template <class Segment>
WEIR_INLINE attempt try_take_value(cell_of<Segment>& c, kind k) noexcept {
  // [word-look] Acquire: see below; and where the object is not ready, what was done before it was last taken.
  word::bits w = c.word.load(mutation::order<"nt-word-look">(std::memory_order_acquire));
  for (;;) {
    // Locked: it has no value now. Half of a wait for all could be seen in it.
    if ((w & word::locked) != 0 && !mutation::removed<"nt-locked-look">()) [[unlikely]] {
      return attempt::locked;
    }
    if ((w & word::value_mask) == 0) return attempt::not_ready;
    if ((w & word::locked) != 0) return attempt::locked;
    // [take] Acquire: what its signalers did before; release: what the thread did before is known to who finds the
    // object taken. Pairs with [signal], [cell-unlock], [cell-lock]. A manual event's, too.
    if (c.word.compare_exchange_weak(w, word::taken(k, w, 0), mutation::order<"nt-take">(std::memory_order_acq_rel),
                                     mutation::order<"nt-word-look">(std::memory_order_acquire))) [[likely]] {
      Segment::types::fence_after_exchange();
      return attempt::taken;
    }
  }
}

template <class Segment>
WEIR_INLINE attempt try_take_mutant(Segment& seg, thread_of<Segment>& me, cell_of<Segment>& c) noexcept {
  word::bits w = c.word.load(mutation::order<"nt-word-look">(std::memory_order_acquire));  // [word-look]
  const number self = me.self;
  if (word::owner_of(w) == self) return take_again<Segment>(c);  // locked or not: nobody else can change that
  for (;;) {
    if ((w & word::locked) != 0 && !mutation::removed<"nt-locked-look">()) [[unlikely]] {
      return attempt::locked;
    }
    if (word::owner_of(w) != 0) return attempt::not_ready;
    if ((w & word::locked) != 0) return attempt::locked;
    // [take] The same.
    if (c.word.compare_exchange_weak(w, word::taken(kind::mutant, w, self),
                                     mutation::order<"nt-take">(std::memory_order_acq_rel),
                                     mutation::order<"nt-word-look">(std::memory_order_acquire))) [[likely]] {
      Segment::types::fence_after_exchange();
      got_mutant(seg, me, c);
      const bool told = (w & word::abandoned) != 0 && !mutation::removed<"nt-abandoned">();
      return told ? attempt::taken_abandoned : attempt::taken;
    }
  }
}

template <class Segment>
WEIR_INLINE attempt try_take(Segment& seg, thread_of<Segment>& me, cell_of<Segment>& c, kind k) noexcept {
  return k == kind::mutant ? try_take_mutant(seg, me, c) : try_take_value<Segment>(c, k);
}

// The kind of an object that the caller keeps from ending.
template <class Segment>
[[nodiscard]] WEIR_INLINE kind kind_of(const cell_of<Segment>& c) noexcept {
  return word::kind_of(c.word.load(std::memory_order_relaxed));  // constant
}

}  // namespace weir::nt::detail
