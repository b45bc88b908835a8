// Waits: the fast ways, and which slow one follows. Internal.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/cell.h"
#include "weir/sync/nt/gather.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/status.h"
#include "weir/sync/nt/take.h"

namespace weir::nt::detail {

// What one object's attempt has brought; or nothing, if there has to be more.
[[nodiscard]] WEIR_INLINE constexpr bool is_over(attempt a) noexcept { return a <= attempt::too_often; }
[[nodiscard]] WEIR_INLINE constexpr status status_of(attempt a, std::uint32_t index) noexcept {
  if (a == attempt::too_often) return status::mutant_limit_exceeded;
  return wait_index(index, a == attempt::taken_abandoned);
}

// Looks at an object for a while, less and less often, and tries to take it when it is there to be had. A thread that
// is not in the queue has not waited yet: whoever is before it overtakes nobody.
template <class Segment>
WEIR_APART attempt spin(Segment& seg, thread_of<Segment>& me, cell_of<Segment>& c, kind k, attempt last) noexcept {
  constexpr std::uint32_t longest = 64;
  std::uint32_t left = Segment::types::pauses();
  for (std::uint32_t step = 1; left != 0; step = step < longest ? 2 * step : longest) {
    if (step > left) step = left;
    left -= step;
    for (std::uint32_t i = 0; i < step; ++i) port::relax();
    const word::bits w = c.word.load(std::memory_order_relaxed);  // a guess
    if ((w & word::locked) != 0 || !word::is_ready(w, me.self)) continue;
    last = try_take(seg, me, c, k);
    if (is_over(last)) break;
  }
  return last;
}

// The rest of a wait for one object, after an attempt that has not taken it.
template <class Segment, class Entered>
WEIR_APART status wait_one_slowly(Segment& seg, thread_of<Segment>& me, cell_of<Segment>& c, kind k, attempt last,
                                  const typename Segment::types::timeout& time, cell_of<Segment>* alert,
                                  Entered& entered) noexcept {
  if (alert == nullptr && time.only_polls() && last == attempt::not_ready) {
    // [wait-fence] The look that counts comes after what the thread did before: who signals later sees that. Its other
    // end is another thread's.
    if (!mutation::removed<"nt-poll-fence">()) Segment::types::fence();
    last = try_take(seg, me, c, k);
    if (last == attempt::not_ready) return status::timeout;
    if (is_over(last)) return status_of(last, 0);
  }
  cell_of<Segment>* const both[] = {&c, alert};
  const wanted<Segment> what{both, 1, alert != nullptr ? 2u : 1u, false};
  if (alert != nullptr || time.only_polls()) return wait_slowly(seg, me, what, time, entered);
  const auto until = seg.start(time);  // the time that it looks at the object counts
  last = spin(seg, me, c, k, last);
  if (is_over(last)) return status_of(last, 0);
  return wait_slowly(seg, me, what, time, entered, &until);
}

// wait_0, abandoned_wait_0, timeout, alerted, mutant_limit_exceeded.
template <class Segment, class Entered>
WEIR_INLINE status wait_one(Segment& seg, thread_of<Segment>& me, cell_of<Segment>& c,
                            const typename Segment::types::timeout& time, cell_of<Segment>* alert,
                            Entered&& entered) noexcept {
  const kind k = kind_of<Segment>(c);
  const attempt a = try_take(seg, me, c, k);
  if (is_over(a)) [[likely]] {
    return status_of(a, 0);
  }
  return wait_one_slowly(seg, me, c, k, a, time, alert, entered);
}

// Wrong on purpose: tries one after the other, as if the order in which they become ready did not matter.
template <class Segment>
attempt scan(Segment& seg, thread_of<Segment>& me, const wanted<Segment>& what, std::uint32_t& index) noexcept {
  for (index = 0; index < what.count; ++index) {
    const attempt a = try_take(seg, me, what[index], kind_of<Segment>(what[index]));
    if (is_over(a)) return a;
  }
  return attempt::not_ready;
}

// Wrong on purpose: looks at one after the other.
template <class Segment>
bool none_is_ready(thread_of<Segment>& me, const wanted<Segment>& what) noexcept {
  for (std::uint32_t i = 0; i < what.count; ++i) {
    const word::bits w = what[i].word.load(std::memory_order_acquire);  // [word-look]
    if ((w & word::locked) != 0 || word::is_ready(w, me.self)) return false;
  }
  return true;
}

// wait_0 + i for the lowest i that is ready, abandoned_wait_0 + i, timeout, alerted, mutant_limit_exceeded. The objects
// may be the same ones.
template <class Segment, class Entered>
status wait_any(Segment& seg, thread_of<Segment>& me, const wanted<Segment>& what,
                const typename Segment::types::timeout& time, Entered&& entered) noexcept {
  if (mutation::removed<"nt-poll">() && time.only_polls() && none_is_ready<Segment>(me, what)) return status::timeout;
  if (mutation::removed<"nt-lowest">()) {
    std::uint32_t index = 0;
    const attempt a = scan(seg, me, what, index);
    if (is_over(a)) return status_of(a, index);
  }
  if (what.count != 0) {
    const kind k = kind_of<Segment>(what[0]);
    const attempt a = try_take(seg, me, what[0], k);  // there is no lower one
    if (is_over(a)) return status_of(a, 0);
    if (what.size == 1) return wait_one_slowly<Segment>(seg, me, what[0], k, a, time, nullptr, entered);
  }
  return wait_slowly(seg, me, what, time, entered);
}

// Takes all, if all are ready, nobody has one of them locked, and none is a mutant. The last one need not be locked:
// the exchange that takes it finds the others so, and is the moment at which all are taken.
template <class Segment>
WEIR_INLINE bool try_take_all(Segment& seg, const wanted<Segment>& what) noexcept {
  const auto is_there = [](word::bits w) { return (w & word::locked) == 0 && (w & word::value_mask) != 0; };
  word::bits words[Segment::types::most];
  const std::uint32_t last = what.count - 1;
  std::uint32_t i = 0;
  for (; i != last; ++i) {
    word::bits w = what[i].word.load(std::memory_order_relaxed);  // a guess
    // [cell-lock] The same.
    if (!is_there(w) || !what[i].word.compare_exchange_strong(
                            w, w | word::locked, mutation::order<"nt-cell-lock">(std::memory_order_acquire),
                            std::memory_order_relaxed)) {
      break;
    }
    words[i] = w;
  }
  bool taken = false;
  if (i == last) {
    word::bits w = what[i].word.load(std::memory_order_relaxed);  // a guess
    // [take] The same.
    taken = is_there(w) && what[i].word.compare_exchange_strong(w, word::taken(word::kind_of(w), w, 0),
                                                                mutation::order<"nt-take">(std::memory_order_acq_rel),
                                                                std::memory_order_relaxed);
  }
  for (std::uint32_t j = 0; j != i; ++j) {
    const word::bits w = words[j];
    unlock(seg, what[j], taken ? word::taken(word::kind_of(w), w, 0) : w);
  }
  return taken;
}

// Wrong on purpose: takes one after the other, and puts back what it has, if one of them is not there.
template <class Segment>
bool take_one_by_one(Segment& seg, thread_of<Segment>& me, const wanted<Segment>& what) noexcept {
  std::uint32_t i = 0;
  while (i < what.count && is_over(try_take(seg, me, what[i], kind_of<Segment>(what[i])))) ++i;
  if (i == what.count) return true;
  while (i-- != 0) {
    if (kind_of<Segment>(what[i]) == kind::semaphore) {
      static_cast<void>(release_semaphore(seg, what[i], 1));
    } else if (kind_of<Segment>(what[i]) == kind::auto_event) {
      set_event(seg, what[i]);
    }
  }
  return false;
}

// wait_0, abandoned_wait_0 if any of them was, timeout, alerted, mutant_limit_exceeded, invalid_parameter_mix (the same
// object twice).
template <class Segment, class Entered>
status wait_all(Segment& seg, thread_of<Segment>& me, const wanted<Segment>& what,
                const typename Segment::types::timeout& time, Entered&& entered) noexcept {
  if (mutation::removed<"nt-all">()) {
    if (take_one_by_one(seg, me, what)) return status::wait_0;
    if (time.only_polls()) return status::timeout;
  }
  if (try_take_all(seg, what)) {
    Segment::types::fence_after_exchange();
    return status::wait_0;
  }
  return wait_slowly(seg, me, what, time, entered);
}

}  // namespace weir::nt::detail
