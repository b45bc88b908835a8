// How a signaler ends somebody's wait: it claims it under the lock, and says so after the unlock. Internal.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/sync/nt/cell.h"

namespace weir::nt::detail {

// Whether the wait is the caller's now. The thread itself, if its time is up, tries the same word.
template <class Segment>
[[nodiscard]] bool claim(thread_of<Segment>& r) noexcept {
  std::uint32_t s = r.state.load(std::memory_order_relaxed);  // a guess
  if (mutation::removed<"nt-claim">()) {                      // wrong on purpose: not by an exchange
    if (phase::of(s) != phase::pending) return false;
    r.state.store((s & phase::parked) | phase::claimed, std::memory_order_relaxed);
    return true;
  }
  while (phase::of(s) == phase::pending) {
    // Relaxed: what is in the record came with the cell's lock, and the thread acquires what we write by [wait-done].
    if (r.state.compare_exchange_weak(s, (s & phase::parked) | phase::claimed, std::memory_order_relaxed,
                                      std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

// Those whose waits a signaler has claimed, in that order.
template <class Segment>
class woken {
 public:
  using thread = thread_of<Segment>;

  void add(Segment& seg, thread& r) noexcept {
    r.wake_next = 0;
    if (last_ != 0) {
      seg.record_at(last_).wake_next = static_cast<number>(r.self);
    } else {
      first_ = r.self;
    }
    last_ = r.self;
  }

  // With no lock held.
  void wake(Segment& seg) noexcept {
    number next = first_;
    while (next != 0) {
      thread& r = seg.record_at(next);
      // Before the exchange: afterwards the thread may be in its next wait.
      if (!mutation::removed<"nt-wake-next">()) next = r.wake_next;
      // [wait-done] Release: the result, and that the nodes are out of their queues. Acquire: the means that the thread
      // sleeps by. Pairs with [wait-look], [parked].
      const std::uint32_t was =
          r.state.exchange(phase::done, mutation::order<"nt-wait-done">(std::memory_order_acq_rel));
      if (mutation::removed<"nt-wake-next">()) {
        static_cast<void>(r.state.load(std::memory_order_acquire));  // [wait-done] others come in between
        next = r.wake_next;
      }
      if ((was & phase::parked) != 0) r.parker.unpark(r.state);
    }
    first_ = last_ = 0;
  }

 private:
  number first_ = 0;
  number last_ = 0;
};

}  // namespace weir::nt::detail
