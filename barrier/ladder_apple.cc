#include "weir/barrier/fence.h"
#include "weir/barrier/ladder.h"
#include "weir/barrier/registers_apple.h"

namespace weir::barrier::detail {

std::span<const candidate> ladder() noexcept {
  static constexpr candidate rows[] = {row<registers>, row<fence>};
  return rows;
}

}  // namespace weir::barrier::detail
