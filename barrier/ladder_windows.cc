#include "weir/barrier/fence.h"
#include "weir/barrier/flush_windows.h"
#include "weir/barrier/ladder.h"

namespace weir::barrier::detail {

std::span<const candidate> ladder() noexcept {
  static constexpr candidate rows[] = {row<flush>, row<fence>};
  return rows;
}

}  // namespace weir::barrier::detail
