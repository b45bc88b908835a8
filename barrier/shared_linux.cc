#include "weir/barrier/membarrier_linux.h"
#include "weir/barrier/policy.h"
#include "weir/barrier/shared.h"

namespace weir::barrier::detail {
namespace {

using global_membarrier = membarrier_on<global_expedited<linux_calls>>;

}  // namespace

verdict install_shared() noexcept {
  if (const verdict allowed = membarrier_policy(); !allowed) return allowed;
  const sigsys_guard guard;
  const verdict available = global_membarrier::available(wish::automatic);
  return available ? global_membarrier::install() : available;
}

void heavy_shared() noexcept { global_membarrier::heavy(); }

}  // namespace weir::barrier::detail
