// light() and heavy() as read-modify-writes, which carry happens-before edges that ThreadSanitizer sees.
//
// Internal; included by barrier.h in a build with WEIR_BARRIER_EDGES. The documentation of both is in light_dynamic.h.
//
// For users whose own code relies on light/heavy to order plain data: TSan models no fences, and would report it.
// Weir's rooms do not need this form (their happens-before edges ride on acquire and release operations, and
// light/heavy add the store-load order only), and its tests do without it, since the additional edges would hide a
// missing acquire.
//
// No system call is made; the read-modify-writes alone satisfy the contract (README.md has the proof).
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/form.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/strategy.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

// This thread's word; null before its first light(). Its first light() takes a lock and is not signal-safe.
WEIR_ONCE_PER_PROCESS extern constinit thread_local weir::atomic<std::uint32_t>* own_word;
[[nodiscard]] weir::atomic<std::uint32_t>& find_own_word() noexcept;

}  // namespace per_form

inline void light() noexcept {
  weir::atomic<std::uint32_t>* word = per_form::own_word;
  if (word == nullptr) word = &per_form::find_own_word();
  // [light-edge] Acq_rel, on a word that only this thread's light() and every heavy() write: the two are ordered one
  // way or the other, and the later one has seen all that the earlier one's thread knew. Pairs with [heavy-edge].
  word->fetch_add(1, mutation::order<"light-edge">(std::memory_order_acq_rel));
}

void heavy() noexcept;

namespace per_form {

// As in light_dynamic.h.
WEIR_INLINE void light_if_asymmetric() noexcept { light(); }

}  // namespace per_form

}  // namespace WEIR_FORM

namespace detail {

// heavy() of this form as a strategy.
struct edges {
  static constexpr strategy id = strategy::edges;
  static verdict available(wish) noexcept { return verdict::yes("built with WEIR_BARRIER_EDGES"); }
  static verdict install() noexcept { return verdict::yes("built with WEIR_BARRIER_EDGES, for ThreadSanitizer"); }
  static void heavy() noexcept;
};
static_assert(strategy_file<edges>);

}  // namespace detail
}  // namespace weir::barrier
