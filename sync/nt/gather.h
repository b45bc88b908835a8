// A wait that one exchange does not end: on several objects, or on one that is not signaled. Internal.
//
// Such a wait looks at its objects, takes from them, and enters their queues, only with all of them locked. To enter
// one queue after the other would not do: a pulse could satisfy a wait that only polls, or miss that a lower object is
// signaled; nor a look without locks: two objects that become ready one after the other have no order for it.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/block.h"
#include "weir/sync/nt/cell.h"
#include "weir/sync/nt/lock.h"
#include "weir/sync/nt/queue.h"
#include "weir/sync/nt/status.h"
#include "weir/sync/nt/take.h"
#include "weir/sync/nt/walk.h"

namespace weir::nt::detail {

// What is waited for.
template <class Segment>
struct wanted {
  cell_of<Segment>* const* cells;  // `size` of them
  std::uint32_t count;             // objects: at most types::most
  std::uint32_t size;              // these, and perhaps one more: an alert, which ends the wait as well, if they do not
  bool all;                        // all of them; else the first one that is ready. Of all, none may be there twice

  [[nodiscard]] bool has_alert() const noexcept { return size != count; }
  [[nodiscard]] WEIR_INLINE cell_of<Segment>& operator[](std::uint32_t i) const noexcept { return *cells[i]; }
  [[nodiscard]] bool for_all(std::uint32_t i) const noexcept { return all && i < count; }
};

template <class Segment>
class gathering {
 public:
  using cell = cell_of<Segment>;

  WEIR_INLINE gathering(Segment& seg, thread_of<Segment>& me, const wanted<Segment>& what) noexcept
      : seg_(seg), me_(me), what_(what) {}

  enum class found {
    taken,      // told() says what; nothing is locked
    refused,    // told() says why; nothing is locked
    not_ready,  // all are locked
    busy,       // one could not be locked; nothing is
  };

  // `untested`: wrong on purpose, the thread enters the queues without having looked.
  [[nodiscard]] WEIR_INLINE found look(bool grouped, bool untested) noexcept {
    const std::uint32_t first_of_any = what_.all ? what_.count : 0;
    if (what_.all) {
      const found got = look_for_all(grouped);
      if (got != found::not_ready) return got;
    }
    const number self = me_.self;
    for (std::uint32_t i = first_of_any; i < what_.size; ++i) {
      const found got = lock_one(i, grouped);
      if (got != found::not_ready) [[unlikely]] {
        return got;
      }
      const word::bits w = words_[i];
      if (w == 0 || !word::is_ready(w, self)) continue;
      if (is_too_often(i)) return refuse(i + 1, status::mutant_limit_exceeded);
      if (!untested) return take_one(i);
    }
    return found::not_ready;
  }

  // With all locked.
  void give_all_back() noexcept { static_cast<void>(give_back(what_.size, found::not_ready)); }

  // With all locked: unlocks them. From here on signalers end the wait, and the queues keep the objects.
  void enter() noexcept {
    me_.count = what_.size;
    // Relaxed: seen by who finds a node of ours, under a lock that we release below.
    me_.state.store(phase::pending, std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < what_.size; ++i) {
      auto& x = me_.nodes[i];
      x.cell = static_cast<number>(what_[i].self);
      x.all = what_.for_all(i) ? 1 : 0;
      x.mutant = words_[i] != 0 && word::kind_of(words_[i]) == kind::mutant ? 1 : 0;
      append(seg_, what_[i], node_number(me_.self, i));
    }
    for (std::uint32_t i = 0; i < what_.size; ++i) {
      if (words_[i] != 0) unlock(seg_, what_[i], with_queue<Segment>(what_[i], words_[i]));
    }
  }

  // After enter(), with the wait over. Which of the nodes a signaler has taken out we know from [wait-look]; if time
  // was up, none.
  void leave() noexcept {
    for (std::uint32_t i = 0; i < what_.size; ++i) {
      if (me_.nodes[i].linked == 0) continue;
      if (mutation::removed<"nt-leave">()) {  // wrong on purpose: used again while it is in a queue
        me_.nodes[i].linked = 0;
        continue;
      }
      cell& c = what_[i];
      const word::bits w = lock(seg_, c);
      remove(seg_, c, node_number(me_.self, i));
      let_go(seg_, c, w);
    }
  }

  // After leave(): what a signaler has given.
  [[nodiscard]] status received() noexcept {
    const std::uint32_t result = me_.result;
    const std::uint32_t index = result & 0x7f;
    if (what_.has_alert() && index == what_.count) return status::alerted;
    if (!what_.all) {
      if (me_.nodes[index].mutant != 0) got_mutant(seg_, me_, what_[index]);
    } else {
      for (std::uint32_t i = 0; i < what_.count; ++i) {
        if (me_.nodes[i].mutant != 0) got_mutant(seg_, me_, what_[i]);
      }
    }
    return wait_index(index, (result & 0x80) != 0);
  }

  [[nodiscard]] status told() const noexcept { return told_; }

 private:
  WEIR_INLINE found look_for_all(bool grouped) noexcept {
    const number self = me_.self;
    bool ready = true;
    for (std::uint32_t i = 0; i < what_.count; ++i) {
      const found got = lock_one(i, grouped);
      if (got != found::not_ready) [[unlikely]] {
        return got;
      }
      ready = word::is_ready(words_[i], self) && ready;
      if (is_too_often(i)) return refuse(i + 1, status::mutant_limit_exceeded);
    }
    return ready ? take_all() : found::not_ready;
  }

  [[nodiscard]] WEIR_INLINE bool is_too_often(std::uint32_t i) const noexcept {
    // Relaxed: our own.
    return word::owner_of(words_[i]) == me_.self &&
           what_[i].recursion.load(std::memory_order_relaxed) == most_recursion;
  }

  WEIR_INLINE found lock_one(std::uint32_t i, bool grouped) noexcept {
    word::bits w = 0;
    if (!try_lock(seg_, what_[i], w)) [[unlikely]] {
      return lock_contended(i, grouped);
    }
    words_[i] = w | word::locked;  // not 0, whatever the word is
    return found::not_ready;
  }

  // A duplicate is what we cannot lock because we have it: of a wait for any, nothing is to be done then. Else: the
  // first lock is waited for; any other one with the group's.
  WEIR_COLD found lock_contended(std::uint32_t i, bool grouped) noexcept {
    words_[i] = 0;
    if (is_duplicate(i)) return what_.for_all(i) ? refuse(i, status::invalid_parameter_mix) : found::not_ready;
    if (i != 0 && !grouped) return give_back(i, found::busy);
    words_[i] = lock(seg_, what_[i]) | word::locked;
    return found::not_ready;
  }

  [[nodiscard]] bool is_duplicate(std::uint32_t i) const noexcept {
    for (std::uint32_t j = 0; j < i; ++j) {
      if (&what_[j] == &what_[i]) return true;
    }
    return false;
  }

  // Unlocks the first n, with their words as they are now.
  WEIR_INLINE found give_back(std::uint32_t n, found why) noexcept {
    for (std::uint32_t i = 0; i < n; ++i) {
      if (words_[i] != 0) unlock(seg_, what_[i], words_[i]);
    }
    return why;
  }
  found refuse(std::uint32_t n, status why) noexcept {
    told_ = why;
    return give_back(n, found::refused);
  }

  WEIR_INLINE void take(std::uint32_t i, bool& abandoned) noexcept {
    cell& c = what_[i];
    word::bits w = words_[i];
    if (word::kind_of(w) == kind::mutant) {
      w = take_for<Segment>(c, w, me_.self, abandoned);
      got_mutant(seg_, me_, c);
    } else {
      w = word::taken(word::kind_of(w), w, 0);
    }
    words_[i] = w;
  }

  // All lower ones are locked, and not ready.
  WEIR_INLINE found take_one(std::uint32_t i) noexcept {
    bool abandoned = false;
    take(i, abandoned);
    told_ = i == what_.count ? status::alerted : wait_index(i, abandoned);
    return give_back(i + 1, found::taken);
  }

  WEIR_INLINE found take_all() noexcept {
    bool abandoned = false;
    for (std::uint32_t i = 0; i < what_.count; ++i) {
      take(i, abandoned);
      unlock(seg_, what_[i], words_[i]);
    }
    told_ = wait_index(0, abandoned);
    return found::taken;
  }

  Segment& seg_;
  thread_of<Segment>& me_;
  const wanted<Segment>& what_;
  word::bits words_[Segment::types::most + 1];  // with `locked`; 0: a duplicate's
  status told_ = status::success;
};

// `entered` is called when the objects are in the queues' keeping, before the thread blocks; with no lock held.
// `until`: null, or when the time is up, where the wait has begun before.
template <class Segment, class Entered>
WEIR_APART status wait_slowly(Segment& seg, thread_of<Segment>& me, const wanted<Segment>& what,
                              const typename Segment::types::timeout& time, Entered& entered,
                              const typename Segment::types::deadline* until = nullptr) noexcept {
  using found = typename gathering<Segment>::found;
  gathering<Segment> g(seg, me, what);
  const bool untested = !time.only_polls() && mutation::removed<"nt-look">();
  const bool no_group = mutation::removed<"nt-wait-group">();  // wrong on purpose: waits for locks without it
  for (bool grouped = false;; grouped = true) {
    if (grouped && !no_group) lock_group(seg);
    const found got = g.look(grouped, untested);
    if (got == found::not_ready) {
      if (time.only_polls()) {
        g.give_all_back();
      } else {
        g.enter();
      }
    }
    if (grouped && !no_group) unlock_group(seg);
    if (got != found::busy) Segment::types::fence_after_exchange();
    if (got == found::taken || got == found::refused) return g.told();
    if (got == found::not_ready) break;
  }
  if (time.only_polls()) return status::timeout;
  entered();
  // A wait for one object has had its time before.
  const bool done =
      block<Segment>(me, until != nullptr ? *until : seg.start(time), what.size > 1 ? Segment::types::pauses() : 0);
  g.leave();
  return done ? g.received() : status::timeout;
}

}  // namespace weir::nt::detail
