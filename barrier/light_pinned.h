// light() and heavy() where the build has pinned the strategy (WEIR_BARRIER_PIN=<name>): no byte is tested.
//
// Internal; included by barrier.h. The documentation of both is in light_dynamic.h. The start of the program aborts
// where the strategy is not offered.
#pragma once

#include "weir/barrier/atomic.h"
#include "weir/barrier/form.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/strategy.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

inline constexpr strategy pinned = strategy::WEIR_BARRIER_PIN;

}  // namespace per_form

WEIR_INLINE void light() noexcept {
  // [light] As in light_dynamic.h, with nothing to test: heavy() and the start of the program register the process
  // before any heavy() returns, so every heavy() is the kernel's barrier. Pairs with [heavy] in combine.h.
  if constexpr (per_form::pinned == strategy::fence) {
    weir::atomic_thread_fence(std::memory_order_seq_cst);
  } else {
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
}

void heavy() noexcept;

namespace per_form {

// As in light_dynamic.h.
WEIR_INLINE void light_if_asymmetric() noexcept { light(); }

}  // namespace per_form

}  // namespace WEIR_FORM
}  // namespace weir::barrier
