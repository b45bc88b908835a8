// The locks of cells and of the group. Internal. README.md has the order in which they are taken:
//
//     Without the group's lock a thread waits for a cell's lock only while it has none; any further one it tries, and
//     where that fails it gives everything back unchanged. With the group's lock, which is taken first, it may wait for
//     any. What is locked stays locked until the outcome of the whole operation is fixed.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/cell.h"

namespace weir::nt::detail {

// Takes the lock if it is free; `w`: the word without it.
template <class Segment>
[[nodiscard]] WEIR_INLINE bool try_lock(Segment&, cell_of<Segment>& c, word::bits& w) noexcept {
  w = c.word.load(std::memory_order_relaxed);  // a guess
  // [cell-lock] Acquire: the cell, and what came with its word, are as the last one left them. Pairs with
  // [cell-unlock], [signal], [take].
  return (w & word::locked) == 0 &&
         c.word.compare_exchange_strong(w, w | word::locked, mutation::order<"nt-cell-lock">(std::memory_order_acquire),
                                        std::memory_order_relaxed);
}

template <class Segment>
WEIR_COLD word::bits lock_slowly(Segment& seg, cell_of<Segment>& c) noexcept {
  word::bits w = 0;
  for (unsigned round = 0; !try_lock(seg, c, w); ++round) {
    // By a plain look: the exchange takes the line away from who has the lock.
    if ((c.word.load(std::memory_order_relaxed) & word::locked) != 0) Segment::wait_for_lock(round, c.word);
  }
  return w;
}

// Returns the word without the lock. Who may wait: see above.
template <class Segment>
[[nodiscard]] WEIR_INLINE word::bits lock(Segment& seg, cell_of<Segment>& c) noexcept {
  word::bits w = 0;
  if (try_lock(seg, c, w)) [[likely]] {
    return w;
  }
  return lock_slowly(seg, c);
}

// With `w` for a new word. Nothing of the cell has become less; else it is let_go().
template <class Segment>
WEIR_INLINE void unlock(Segment&, cell_of<Segment>& c, word::bits w) noexcept {
  // [cell-unlock] Release: the cell is as it shall be, and so is what its holder did before. Pairs with [cell-lock],
  // [take], [signal], [word-look].
  c.word.store(w & ~word::locked, mutation::order<"nt-cell-unlock">(std::memory_order_release));
}

// What the queue says about itself.
template <class Segment>
[[nodiscard]] WEIR_INLINE word::bits with_queue(cell_of<Segment>& c, word::bits w) noexcept {
  w &= ~(word::queued | word::queued_all);
  if (c.head != 0) w |= word::queued;
  if (c.all_nodes != 0) w |= word::queued_all;
  return w;
}

// Unlocks a cell whose queue, owner or references may have gone: the last one of them ends the object.
template <class Segment>
void let_go(Segment& seg, cell_of<Segment>& c, word::bits w) noexcept {
  w = with_queue<Segment>(c, w);
  const bool over = (w & word::orphan) != 0 && (w & (word::queued | word::owner_mask)) == 0;
  if (!over) return unlock(seg, c, w);
  c.generation = c.generation + 1;
  unlock(seg, c, word::of(kind::none));
  seg.ended(c);
}

template <class Segment>
void lock_group(Segment& seg) noexcept {
  for (unsigned round = 0;; ++round) {
    std::uint32_t free = 0;
    // [group-lock] Acquire: the last holder's turn is over. Pairs with [group-unlock].
    if (seg.group().compare_exchange_strong(free, 1, mutation::order<"nt-group-lock">(std::memory_order_acquire),
                                            std::memory_order_relaxed)) {
      return;
    }
    Segment::wait_for_lock(round, seg.group());
  }
}

template <class Segment>
void unlock_group(Segment& seg) noexcept {
  // [group-unlock] Release: our turn is over. Pairs with [group-lock].
  seg.group().store(0, mutation::order<"nt-group-unlock">(std::memory_order_release));
}

}  // namespace weir::nt::detail
