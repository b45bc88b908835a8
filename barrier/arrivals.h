// Objects on their way to somebody: anybody puts one in, without a lock; one thread at a time takes all that there are.
//
// Internal to Weir's rooms; the model checker runs it (tests/model/arrivals_model.cc, doorbell_model.cc,
// hazard_model.cc).
//
//     newest    what came last, and what came before by its `next`, and so on. Null: nothing is on its way
#pragma once

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"

namespace weir::detail {

// T has a T* next, which is this list's from push() to take().
template <class T>
class arrivals {
 public:
  // Lock-free.
  void push(T* one) noexcept { push(one, one); }

  // Several, from the last to come to the first, by their `next`.
  void push(T* last, T* first) noexcept {
    T* top = newest_.load(std::memory_order_relaxed);  // only compared
    do {
      first->next = top;
      // [push] Release: the object, and what its retirer did before. Seq_cst for the domain's own thread, which goes to
      // sleep if there is nothing, and for an executor's: see [idle] and [schedule]. Pairs with [collect].
    } while (!newest_.compare_exchange_weak(
        top, last,
        mutation::order<"push">(mutation::order<"push-seen">(std::memory_order_seq_cst, std::memory_order_release)),
        std::memory_order_relaxed));
  }

  // Of who goes to sleep, or has said that it takes up what is there.
  [[nodiscard]] bool empty() const noexcept {
    // [idle] Seq_cst: see doorbell::sleep(); and for [schedule].
    return newest_.load(mutation::order<"push-look">(std::memory_order_seq_cst)) == nullptr;
  }

  // All that there are, the last to come first. Null: nothing is on its way.
  [[nodiscard]] T* take() noexcept {
    if (empty()) return nullptr;
    return newest_.exchange(nullptr,
                            mutation::order<"collect">(std::memory_order_acquire));  // [collect] Pairs with [push].
  }

  // The same, as they came.
  [[nodiscard]] T* take_in_order() noexcept {
    T* taken = take();
    T* in_order = nullptr;
    while (taken != nullptr) {
      T* const next = taken->next;
      taken->next = in_order;
      in_order = taken;
      taken = next;
    }
    return in_order;
  }

  // Of the only thread that there is; else a hint.
  [[nodiscard]] T* newest() const noexcept { return newest_.load(std::memory_order_relaxed); }

 private:
  weir::atomic<T*> newest_{nullptr};
};

}  // namespace weir::detail
