#include "weir/barrier/membarrier_freebsd.h"
#include "weir/barrier/shared.h"

namespace weir::barrier::detail {
namespace {

// Unlike Linux, FreeBSD wants the caller registered too, not only those whom it interrupts: every member is both.
using global_membarrier = membarrier_on<global_expedited<freebsd_calls>>;

}  // namespace

verdict install_shared() noexcept {
  const verdict available = global_membarrier::available(wish::automatic);
  return available ? global_membarrier::install() : available;
}

void heavy_shared() noexcept { global_membarrier::heavy(); }

}  // namespace weir::barrier::detail
