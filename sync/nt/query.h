// What an object is worth now, without changing it. Internal.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/cell.h"
#include "weir/sync/nt/lock.h"

namespace weir::nt::detail {

// The word, when it has a value.
template <class Segment>
[[nodiscard]] word::bits look(cell_of<Segment>& c) noexcept {
  for (unsigned round = 0;; ++round) {
    // [word-look] Acquire: what was done before the object became what it is. Pairs with [cell-unlock], [signal].
    const word::bits w = c.word.load(mutation::order<"nt-word-look">(std::memory_order_acquire));
    if ((w & word::locked) == 0 || mutation::removed<"nt-locked-look">()) return w;
    Segment::wait_for_lock(round, c.word);
  }
}

// 0 or 1; or a semaphore's count.
template <class Segment>
[[nodiscard]] std::int32_t query_value(cell_of<Segment>& c) noexcept {
  return static_cast<std::int32_t>(word::value_of(look<Segment>(c)));
}

struct mutant_state {
  std::int32_t count;  // 1: free; else 1 - how often its owner has it
  bool owned;          // by the calling thread
  bool abandoned;
};

// `me`: null, if the thread has no record, and so owns nothing.
template <class Segment>
[[nodiscard]] mutant_state query_mutant(Segment& seg, const thread_of<Segment>* me, cell_of<Segment>& c) noexcept {
  word::bits w = look<Segment>(c);
  if (word::owner_of(w) == 0) return {1, false, (w & word::abandoned) != 0};
  const bool ours = me != nullptr && word::owner_of(w) == static_cast<number>(me->self);
  // Somebody else's count is beside the word: with the lock its owner stays the same while we look at it.
  if (!ours) w = lock(seg, c);
  const std::uint32_t owned = c.recursion.load(std::memory_order_relaxed);  // our own; or as above
  if (!ours) unlock(seg, c, w);
  if (word::owner_of(w) == 0) return {1, false, (w & word::abandoned) != 0};
  return {static_cast<std::int32_t>(1 - owned), ours, false};
}

}  // namespace weir::nt::detail
