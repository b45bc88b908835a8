// A signal that meets a queue, or a lock: the slow way of every signal. Internal.
//
// With the cell locked, what the signal gives is offered to the queue from its head on; what nobody could use becomes
// the word's value. Nobody sees anything of it before. A wait for all needs its other objects too: then the signaler
// gives the cell back as it was, takes the group's lock, and starts over.
#pragma once

#include <cstdint>

#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/cell.h"
#include "weir/sync/nt/claim.h"
#include "weir/sync/nt/lock.h"
#include "weir/sync/nt/queue.h"
#include "weir/sync/nt/status.h"

namespace weir::nt::detail {

// What a signal does. `abandon` is the release of a mutant by its owner's end.
enum class change { set, pulse, release, release_mutant, abandon };

// A signal's answer: NT's previous state (a mutant's caller knows it by itself).
struct answer {
  status result;
  std::int32_t previous;
};

// Takes one of the object for a thread that waits, by who has the cell locked. Returns the word that is left.
template <class Segment>
[[nodiscard]] word::bits take_for(cell_of<Segment>& c, word::bits w, number who, bool& abandoned) noexcept {
  if (word::kind_of(w) != kind::mutant) return word::taken(word::kind_of(w), w, who);
  if ((w & word::abandoned) != 0) {
    if (!mutation::removed<"nt-abandoned">()) abandoned = true;
    w &= ~word::abandoned;
  }
  if (word::owner_of(w) == 0) return w | word::of_owner(who);
  // Relaxed: `who` is the owner, and either this thread or one that is blocked.
  c.recursion.store(c.recursion.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  return w;
}

// Offers what a locked cell has to give to its queue.
template <class Segment>
class walk {
 public:
  using cell = cell_of<Segment>;
  using thread = thread_of<Segment>;

  // `now`: the cell's word, with the signal in it.
  walk(Segment& seg, cell& c, word::bits now) noexcept : seg_(seg), on_(c) { on_.held_word = now; }

  void offer() noexcept {
    for (std::uint32_t n = on_.head; n != 0 && word::gives(on_.held_word);) {
      auto& x = node_at(seg_, n);
      const std::uint32_t next = x.next;
      if (x.all != 0) {
        offer_to_all(seg_.record_at(record_of(n)));
      } else if (!offer_to_any(seg_.record_at(record_of(n)), n)) {
        if (mutation::removed<"nt-dead-node">()) break;  // wrong on purpose: a node that is dead ends the walk
      } else if (mutation::removed<"nt-wake-all">()) {
        break;  // wrong on purpose: as if there were one only
      }
      n = next;
    }
  }

  // The cell's word becomes what is left of it. Everything else that was locked is given back.
  void end(word::bits also_clear) noexcept {
    unlock_others();
    let_go(seg_, on_, static_cast<word::bits>(on_.held_word) & ~also_clear);
  }
  void wake() noexcept { woken_.wake(seg_); }

  // Wrong on purpose: waits for all come first.
  void offer_to_alls() noexcept {
    for (std::uint32_t n = on_.head; n != 0 && word::gives(on_.held_word);) {
      const std::uint32_t next = node_at(seg_, n).next;
      if (node_at(seg_, n).all != 0) offer_to_all(seg_.record_at(record_of(n)));
      n = next;
    }
  }

 private:
  bool offer_to_any(thread& r, std::uint32_t n) noexcept {
    if (!claim<Segment>(r)) return false;  // somebody else's, or its time was up: its thread takes the node away
    bool abandoned = false;
    on_.held_word = take_for<Segment>(on_, on_.held_word, r.self, abandoned);
    r.result = place_of(n) | (abandoned ? 0x80u : 0u);
    remove(seg_, on_, n);
    woken_.add(seg_, r);
    if (mutation::removed<"nt-done-late">()) woken_.wake(seg_);  // wrong on purpose: before everything is unlocked
    return true;
  }

  // With the group's lock: all its objects are locked, and stay so until the whole walk has ended; else a third thread
  // could see the first of two takes, and change what the second depends on.
  void offer_to_all(thread& r) noexcept {
    // Relaxed: a node that is linked belongs to the wait of which we see the record.
    if (phase::of(r.state.load(std::memory_order_relaxed)) != phase::pending) return;
    bool ready = true;
    const std::uint32_t count = r.count;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (r.nodes[i].all == 0) continue;
      const cell& c = hold(seg_.cell_at(r.nodes[i].cell));
      ready = word::is_ready(c.held_word, r.self) && ready;
    }
    if (ready && claim<Segment>(r)) give_all(r, count);
    if (mutation::removed<"nt-two-phases">()) unlock_others();
  }

  void give_all(thread& r, std::uint32_t count) noexcept {
    bool abandoned = false;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (r.nodes[i].all == 0) continue;
      cell& c = seg_.cell_at(r.nodes[i].cell);
      c.held_word = take_for<Segment>(c, c.held_word, r.self, abandoned);
      remove(seg_, c, node_number(r.self, i));
    }
    r.result = abandoned ? 0x80u : 0u;
    woken_.add(seg_, r);
  }

  cell& hold(cell& c) noexcept {
    // `held` is for who holds the group's lock, and only they write it: of the cell that the signal is for it says
    // nothing. Wrong on purpose, without that lock: what is held may be somebody else's.
    if (&c == &on_ || (c.held != 0 && !mutation::removed<"nt-signal-group">())) return c;
    c.held_word = lock(seg_, c);
    c.held = 1;
    c.held_next = others_;
    others_ = c.self;
    return c;
  }

  void unlock_others() noexcept {
    while (others_ != 0) {
      cell& c = seg_.cell_at(others_);
      others_ = c.held_next;
      const word::bits w = c.held_word;
      c.held = 0;
      let_go(seg_, c, w);
    }
  }

  Segment& seg_;
  cell& on_;
  number others_ = 0;  // what is held besides, through held_next
  woken<Segment> woken_;
};

// The word with the signal in it; and what the caller is told. Under the lock.
template <class Segment>
[[nodiscard]] word::bits changed(cell_of<Segment>& c, word::bits w, change what, std::uint32_t count,
                                 answer& told) noexcept {
  told = {status::success, static_cast<std::int32_t>(word::value_of(w))};
  switch (what) {
    case change::set:
    case change::pulse: return w | word::one;
    case change::release:
      if (count > static_cast<std::uint32_t>(c.limit) - word::value_of(w)) {
        told = {status::semaphore_limit_exceeded, 0};
        return w;
      }
      return w + word::of_value(count);
    case change::release_mutant: break;
    case change::abandon:
      if (!mutation::removed<"nt-abandon">()) w |= word::abandoned;
      break;
  }
  return w & ~word::owner_mask;
}

template <class Segment>
WEIR_APART answer signal_slowly(Segment& seg, cell_of<Segment>& c, change what, std::uint32_t count) noexcept {
  answer told{};
  for (bool grouped = false;; grouped = true) {
    if (grouped) lock_group(seg);
    const word::bits was = lock(seg, c);
    const word::bits now = changed<Segment>(c, was, what, count, told);
    const bool refused = told.result != status::success;
    const bool over = !refused && c.all_nodes != 0 && !grouped && !mutation::removed<"nt-signal-group">();
    if (refused || over) {
      const bool early = over && mutation::removed<"nt-publish-late">();  // wrong on purpose: seen before it is offered
      unlock(seg, c, early ? now : was);
      if (early) count = 0;
      if (grouped) unlock_group(seg);
      if (refused) return told;
      continue;
    }
    // Under the lock, now that it is not given back as it was: as for who takes it next.
    if (what == change::abandon) c.recursion.store(1, std::memory_order_relaxed);
    walk<Segment> w(seg, c, now);
    if (mutation::removed<"nt-one-queue">()) w.offer_to_alls();
    w.offer();
    w.end(what == change::pulse ? word::value_mask : 0);
    if (grouped) unlock_group(seg);
    w.wake();
    return told;
  }
}

}  // namespace weir::nt::detail
