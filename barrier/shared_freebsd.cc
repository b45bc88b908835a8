#include "weir/barrier/membarrier_freebsd.h"
#include "weir/barrier/shared.h"

namespace weir::barrier::detail {
namespace {

// Unlike Linux, FreeBSD wants the caller registered too, not only those whom it interrupts: every member is both.
struct freebsd_global_membarrier : freebsd_membarrier {
  static constexpr long needed = 1 << 1 | 1 << 2;  // MEMBARRIER_CMD_GLOBAL_EXPEDITED and REGISTER_ of it
  static constexpr const char* command = "GLOBAL_EXPEDITED";

  static long enlist() noexcept { return call(1 << 2); }
  static long expedited() noexcept { return call(1 << 1); }
};

using global_membarrier = membarrier_on<freebsd_global_membarrier>;

}  // namespace

verdict install_shared() noexcept {
  const verdict available = global_membarrier::available(wish::automatic);
  return available ? global_membarrier::install() : available;
}

void heavy_shared() noexcept { global_membarrier::heavy(); }

}  // namespace weir::barrier::detail
