// A system without a barrier that reaches other processes.
#include "weir/barrier/shared.h"

namespace weir::barrier::detail {

verdict install_shared() noexcept {
  return verdict::no("this system has no barrier that reaches other processes; fences on both sides");
}

void heavy_shared() noexcept {}

}  // namespace weir::barrier::detail
