// How a thread waits once it is in the queues: it sleeps on its own word, whatever it waits for. Internal.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/cell.h"

namespace weir::nt::detail {

// The thread's word has `parked` at most while this lives; the means to sleep goes back at its end.
template <class Segment>
class sleeper {
 public:
  using deadline = typename Segment::types::deadline;

  explicit sleeper(thread_of<Segment>& me) noexcept : me_(me) {}

  // By the thread, with its wait over. `woken`: by a signaler.
  void end(bool woken) noexcept {
    if (prepared_) me_.parker.finish(woken && parked_);
  }

  // Sleeps while the word is `s`; perhaps less. False: it is `until`.
  bool sleep(std::uint32_t s, const deadline& until) noexcept {
    if (!prepared_) {
      prepared_ = me_.parker.prepare();
      if (!prepared_) return Segment::types::nap(until);  // the system has no means now: looked at again and again
    }
    if ((s & phase::parked) == 0) {
      if (mutation::removed<"nt-parked">()) {  // wrong on purpose: not by an exchange
        me_.state.store(s | phase::parked, std::memory_order_relaxed);
      } else if (!park_word(s)) {
        return true;
      }
      parked_ = true;
      s |= phase::parked;
    }
    return me_.parker.park(me_.state, s, until);
  }

 private:
  // A signaler exchanges the same word. If ours is first, it sees that we are to be woken; else we see what it wrote,
  // and do not sleep. No third case.
  bool park_word(std::uint32_t s) noexcept {
    // [parked] Release: what prepare() has set up, for unpark(). Pairs with [wait-done].
    return me_.state.compare_exchange_strong(s, s | phase::parked,
                                             mutation::order<"nt-parked-order">(std::memory_order_release),
                                             std::memory_order_relaxed);
  }

  thread_of<Segment>& me_;
  bool prepared_ = false;
  bool parked_ = false;
};

// The thread is in its queues. True: a signaler has ended the wait. False: time is up. `pauses`: how long to look before
// it goes to sleep.
template <class Segment>
[[nodiscard]] WEIR_APART bool block(thread_of<Segment>& me, const typename Segment::types::deadline& until,
                                    std::uint32_t pauses) noexcept {
  for (; pauses != 0 && me.state.load(std::memory_order_relaxed) != phase::done; --pauses) port::relax();  // see below
  sleeper<Segment> bed(me);
  bool late = false;
  for (;;) {
    // [wait-look] Acquire: the result, and our nodes as the signaler left them. Pairs with [wait-done].
    std::uint32_t s = me.state.load(mutation::order<"nt-wait-look">(std::memory_order_acquire));
    const std::uint32_t now = phase::of(s);
    if (now == phase::done || (now == phase::claimed && mutation::removed<"nt-claimed-wait">())) {
      bed.end(true);
      return true;
    }
    if (late && now == phase::claimed && mutation::removed<"nt-lost-claim">()) return false;  // wrong on purpose
    if (late && now == phase::pending) {
      if (mutation::removed<"nt-time-out">()) {  // wrong on purpose: not by an exchange
        me.state.store(phase::timed_out, std::memory_order_relaxed);
        return false;
      }
      // Relaxed: a signaler claims by the same word. If ours is first, it passes our nodes by; else we wait for it,
      // without a deadline, since it never waits for us.
      if (me.state.compare_exchange_strong(s, phase::timed_out, std::memory_order_relaxed,
                                           std::memory_order_relaxed)) {
        bed.end(false);
        return false;
      }
      continue;
    }
    late = !bed.sleep(s, now == phase::pending ? until : Segment::types::never()) || late;
  }
}

}  // namespace weir::nt::detail
