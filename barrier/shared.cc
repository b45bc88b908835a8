#include "weir/barrier/shared.h"

#include "weir/barrier/mutation.h"

namespace weir::barrier::shared {

std::error_code member::join(header& h, mode at_most) noexcept {
  using detail::verdict;
  const bool wanted = at_most == mode::expedited;
  const verdict able = wanted ? detail::install_shared() : verdict::no("fences were asked for");
  std::uint32_t state = 0;
  const mode offer = able ? mode::expedited : mode::fence;
  // Relaxed: the value is all there is to know; what the header protects is published by the members' own means.
  if (h.state.compare_exchange_strong(state, header::magic + static_cast<std::uint32_t>(offer),
                                      std::memory_order_relaxed)) {
    mode_ = offer;
    why_ = able;
    return {};
  }
  if (state == header::magic + static_cast<std::uint32_t>(mode::fence)) {
    mode_ = mode::fence;
    why_ = able ? verdict::no("the first process to join chose fences") : able;
    return {};
  }
  if (state != header::magic + static_cast<std::uint32_t>(mode::expedited)) {
    return std::make_error_code(std::errc::protocol_error);
  }
  const verdict needed = wanted ? able : detail::install_shared();
  if (!needed) return std::make_error_code(std::errc::not_supported);
  mode_ = mode::expedited;
  why_ = needed;
  return {};
}

void member::heavy() const noexcept {
  // [shared-heavy] A full barrier here, and with mode::expedited the kernel's in every member. Pairs with
  // [shared-light].
  if (mutation::removed<"shared-heavy">()) return;
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (mode_ == mode::expedited) detail::heavy_shared();
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

}  // namespace weir::barrier::shared
