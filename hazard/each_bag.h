// Every bag of a domain: those of threads first, since what moves from one to another moves to the strangers'.
// Internal.
#pragma once

#include "weir/barrier/thread.h"
#include "weir/hazard/domain.h"

namespace weir::hazard {

template <class Visit>
void domain::each_bag(barrier::thread::index bound, Visit&& visit) noexcept {
  for (barrier::thread::index i = 0; i < bound; ++i) {
    if (detail::bag* const b = find(i); b != nullptr) visit(*b);
  }
  visit(strangers_);
}

}  // namespace weir::hazard
