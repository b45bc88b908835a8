// The mutants that a thread owns: a list of its own, for its end. Internal.
//
// A mutant that a signaler hands over is not in the list until its new owner comes back from its wait; in between the
// word alone says whose it is.
#pragma once

#include "weir/sync/nt/cell.h"

namespace weir::nt::detail {

template <class Segment>
void link_owned(Segment& seg, thread_of<Segment>& me, cell_of<Segment>& c) noexcept {
  const number first = me.owned;
  c.own_next = first;
  c.own_prior = 0;
  if (first != 0) seg.cell_at(first).own_prior = static_cast<number>(c.self);
  me.owned = c.self;
}

template <class Segment>
void unlink_owned(Segment& seg, thread_of<Segment>& me, cell_of<Segment>& c) noexcept {
  const number next = c.own_next;
  const number prior = c.own_prior;
  if (prior != 0) {
    seg.cell_at(prior).own_next = next;
  } else {
    me.owned = next;
  }
  if (next != 0) seg.cell_at(next).own_prior = prior;
}

// The calling thread has just got the mutant, by itself or from a signaler.
template <class Segment>
void got_mutant(Segment& seg, thread_of<Segment>& me, cell_of<Segment>& c) noexcept {
  // Relaxed: our own; or written by who handed over before it made us done, [wait-done].
  if (c.recursion.load(std::memory_order_relaxed) == 1) link_owned(seg, me, c);
}

}  // namespace weir::nt::detail
