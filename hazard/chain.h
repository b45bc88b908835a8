// Retired objects that carry their own place in a list: those of cohorts, and those for which there was no memory.
//
// Internal; apart from the rest, so that the model checker runs it (tests/model/hazard_model.cc). Whoever looks through
// them takes them all, and puts back what is protected.
#pragma once

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"

namespace weir::hazard::detail {

struct link {
  link* next = nullptr;
  // Tells the object's address, or, if `reclaim`, reclaims it.
  void* (*handle)(link* self, bool reclaim) = nullptr;
};

class chain {
 public:
  void push(link* l) noexcept { push(l, l); }

  // From `first` to `last` by their `next`.
  void push(link* first, link* last) noexcept {
    link* top = top_.load(std::memory_order_relaxed);  // only compared
    do {
      last->next = top;
      // [chain] Release: the object, and what its retirer did before. Pairs with the acquire of take_all().
    } while (!top_.compare_exchange_weak(top, first, mutation::order<"chain-push">(std::memory_order_release),
                                         std::memory_order_relaxed));
  }

  // All of them, the last one first; null: none.
  [[nodiscard]] link* take_all() noexcept {
    if (empty()) return nullptr;
    return top_.exchange(nullptr, mutation::order<"chain-take">(std::memory_order_acquire));  // [chain]
  }

  [[nodiscard]] bool empty() const noexcept { return top_.load(std::memory_order_relaxed) == nullptr; }  // a hint

 private:
  weir::atomic<link*> top_{nullptr};
};

// In the order in which they were pushed.
[[nodiscard]] inline link* in_order(link* newest) noexcept {
  link* oldest = nullptr;
  while (newest != nullptr) {
    link* const next = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = next;
  }
  return oldest;
}

}  // namespace weir::hazard::detail
