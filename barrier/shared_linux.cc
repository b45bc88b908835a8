#include <linux/membarrier.h>

#include "weir/barrier/membarrier_linux.h"
#include "weir/barrier/policy.h"
#include "weir/barrier/shared.h"

namespace weir::barrier::detail {
namespace {

struct linux_global_membarrier : linux_membarrier {
  static constexpr long needed = MEMBARRIER_CMD_GLOBAL_EXPEDITED | MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED;
  static constexpr const char* command = "GLOBAL_EXPEDITED";
  static constexpr const char* since = "Linux 4.16";

  static long enlist() noexcept { return call(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED); }
  static long expedited() noexcept { return call(MEMBARRIER_CMD_GLOBAL_EXPEDITED); }
};

using global_membarrier = membarrier_on<linux_global_membarrier>;

}  // namespace

verdict install_shared() noexcept {
  if (const verdict allowed = membarrier_policy(); !allowed) return allowed;
  const sigsys_guard guard;
  const verdict available = global_membarrier::available(wish::automatic);
  return available ? global_membarrier::install() : available;
}

void heavy_shared() noexcept { global_membarrier::heavy(); }

}  // namespace weir::barrier::detail
