#include "weir/barrier/fence.h"
#include "weir/barrier/ladder.h"
#include "weir/barrier/membarrier_linux.h"
#include "weir/barrier/mprotect_x86.h"

namespace weir::barrier::detail {

std::span<const candidate> ladder() noexcept {
  static constexpr candidate rows[] = {row<guarded_membarrier>, row<mprotect>, row<fence>};
  return rows;
}

}  // namespace weir::barrier::detail
