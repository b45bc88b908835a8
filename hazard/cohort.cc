#include "weir/hazard/cohort.h"

#include <algorithm>
#include <utility>

#include "weir/barrier/barrier.h"
#include "weir/barrier/fail.h"
#include "weir/hazard/slots.h"
#include "weir/hazard/turn.h"

namespace weir::hazard {

using detail::link;

cohort::~cohort() {
  const detail::deleting now(this);
  while (link* list = in_.take_in_order()) {
    while (list != nullptr) {
      link* const l = std::exchange(list, list->next);
      WEIR_ASSERT(
          [&] {
            detail::in_use used;
            used.look();
            return !used.holds(l->handle(l, false));
          }(),
          "a cohort is destroyed while a hazard pointer protects an object of it");
      static_cast<void>(l->handle(l, true));
    }
  }
}

void cohort::retire_linked(link* l) noexcept {
  pending_.fetch_add(1, std::memory_order_relaxed);  // before it can be reclaimed
  in_.push(l);
  // Relaxed: a hint. Deleters that retire are not run inside one another.
  if (waiting_.fetch_add(1, std::memory_order_relaxed) + 1 < std::max(threshold_, std::size_t{1})) return;
  if (!detail::deleting::of(this)) look_through();
}

// One thread has what has come in, and others have come meanwhile: they have the rest.
void cohort::look_through() noexcept {
  waiting_.store(0, std::memory_order_relaxed);  // a hint
  link* list = in_.take_in_order();
  if (list == nullptr) return;
  barrier::heavy();  // [retire]
  detail::in_use used;
  used.look();
  const detail::deleting now(this);
  link* kept = nullptr;
  link* first = nullptr;
  std::size_t gone = 0;
  while (list != nullptr) {
    link* const l = std::exchange(list, list->next);
    if (used.holds(l->handle(l, false))) {
      if (kept == nullptr) first = l;
      l->next = kept;
      kept = l;
    } else {
      static_cast<void>(l->handle(l, true));
      ++gone;
    }
  }
  pending_.fetch_sub(gone, std::memory_order_relaxed);  // a statistic
  if (kept != nullptr) in_.push(kept, first);  // not counted again: they are looked at when enough others have come
}

}  // namespace weir::hazard
