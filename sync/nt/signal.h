// What signals an object: one exchange where nobody waits that could have it, and nobody has the lock. Internal.
//
// No order of the threads' making: any thread may signal, also one that has no record. Only a mutant's release is its
// owner's.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/cell.h"
#include "weir/sync/nt/lock.h"
#include "weir/sync/nt/owned.h"
#include "weir/sync/nt/status.h"
#include "weir/sync/nt/walk.h"

namespace weir::nt::detail {

// [signal] Release: what the thread did before is known to who takes the object; acquire: what was done before the
// object was last signaled or taken is known to the thread. Pairs with [take], [cell-lock], [word-look], [cell-unlock].
template <class Segment>
[[nodiscard]] WEIR_INLINE bool exchange(cell_of<Segment>& c, word::bits& from, word::bits to) noexcept {
  return c.word.compare_exchange_weak(from, to,
                                      mutation::order<"nt-signal">(std::memory_order_acq_rel),  // [signal]
                                      std::memory_order_relaxed);
}

// Returns the previous state. Also where the event is set already the word is exchanged: by a mere look, who takes the
// event would not know what we did before.
template <class Segment>
WEIR_INLINE std::int32_t set_event(Segment& seg, cell_of<Segment>& c) noexcept {
  word::bits w = c.word.load(std::memory_order_relaxed);  // a guess
  for (;;) {
    const bool wanted = (w & (word::queued | word::value_mask)) == word::queued && !mutation::removed<"nt-set-queue">();
    if ((w & word::locked) != 0 || wanted) [[unlikely]] {
      return signal_slowly(seg, c, change::set, 0).previous;
    }
    if (mutation::removed<"nt-set-again">() && word::value_of(w) != 0) return 1;
    if (exchange<Segment>(c, w, w | word::one)) [[likely]] {
      return static_cast<std::int32_t>(word::value_of(w));
    }
  }
}

// Returns the previous state. Nobody waits for an event to be reset.
template <class Segment>
WEIR_INLINE std::int32_t reset_event(Segment& seg, cell_of<Segment>& c) noexcept {
  word::bits w = c.word.load(std::memory_order_relaxed);  // a guess
  for (;;) {
    if ((w & word::locked) != 0) [[unlikely]] {
      w = lock(seg, c);
      unlock(seg, c, w & ~word::value_mask);
      return static_cast<std::int32_t>(word::value_of(w));
    }
    if (exchange<Segment>(c, w, w & ~word::value_mask)) [[likely]] {
      return static_cast<std::int32_t>(word::value_of(w));
    }
  }
}

// Returns the previous state. Sets and resets, and nobody sees it set but who waits at that moment: all of those, or
// for an auto event the first.
template <class Segment>
WEIR_INLINE std::int32_t pulse_event(Segment& seg, cell_of<Segment>& c) noexcept {
  if (mutation::removed<"nt-pulse">()) {  // wrong on purpose: in two steps
    const std::int32_t previous = set_event(seg, c);
    reset_event(seg, c);
    return previous;
  }
  word::bits w = c.word.load(std::memory_order_relaxed);  // a guess
  for (;;) {
    if ((w & (word::locked | word::queued)) != 0) [[unlikely]] {
      return signal_slowly(seg, c, change::pulse, 0).previous;
    }
    if (exchange<Segment>(c, w, w & ~word::value_mask)) [[likely]] {
      return static_cast<std::int32_t>(word::value_of(w));
    }
  }
}

// semaphore_limit_exceeded: nothing is changed. `count` is not 0.
template <class Segment>
WEIR_INLINE answer release_semaphore(Segment& seg, cell_of<Segment>& c, std::uint32_t count) noexcept {
  word::bits w = c.word.load(std::memory_order_relaxed);  // a guess
  for (;;) {
    if ((w & (word::locked | word::queued)) != 0) [[unlikely]] {
      return signal_slowly(seg, c, change::release, count);
    }
    const std::uint32_t before = word::value_of(w);
    if (count > static_cast<std::uint32_t>(c.limit) - before) return {status::semaphore_limit_exceeded, 0};
    if (exchange<Segment>(c, w, w + word::of_value(count))) [[likely]] {
      return {status::success, static_cast<std::int32_t>(before)};
    }
  }
}

// mutant_not_owned: nothing is changed. The previous state is 1 - how often the caller owned it.
template <class Segment>
WEIR_INLINE answer release_mutant(Segment& seg, thread_of<Segment>& me, cell_of<Segment>& c) noexcept {
  word::bits w = c.word.load(std::memory_order_relaxed);  // whether it is ours cannot change while we look
  if (word::owner_of(w) != me.self) [[unlikely]] {
    return {status::mutant_not_owned, 0};
  }
  const std::uint32_t owned = c.recursion.load(std::memory_order_relaxed);  // our own
  const answer told{status::success, static_cast<std::int32_t>(1 - owned)};
  if (owned > 1) {
    c.recursion.store(owned - 1, std::memory_order_relaxed);  // our own
    return told;
  }
  unlink_owned(seg, me, c);
  const word::bits others =
      word::locked | word::orphan | (mutation::removed<"nt-release-queue">() ? word::bits{0} : word::queued);
  for (;;) {
    if ((w & others) != 0) [[unlikely]] {
      signal_slowly(seg, c, change::release_mutant, 0);
      return told;
    }
    if (exchange<Segment>(c, w, w & ~word::owner_mask)) [[likely]] {
      return told;
    }
  }
}

// The end of a thread: each of its mutants is free, and whoever takes it next is told.
template <class Segment>
void abandon_all(Segment& seg, thread_of<Segment>& me) noexcept {
  while (me.owned != 0) {
    auto& c = seg.cell_at(me.owned);
    unlink_owned(seg, me, c);
    signal_slowly(seg, c, change::abandon, 0);
  }
}

}  // namespace weir::nt::detail
