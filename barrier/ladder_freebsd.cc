#include "weir/barrier/fence.h"
#include "weir/barrier/ladder.h"
#include "weir/barrier/membarrier_freebsd.h"

namespace weir::barrier::detail {

std::span<const candidate> ladder() noexcept {
  static constexpr candidate rows[] = {row<membarrier>, row<fence>};
  return rows;
}

}  // namespace weir::barrier::detail
