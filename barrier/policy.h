// Whether the system lets a program ask for membarrier(2) at all.
//
// Internal. One file per system: policy_<system>.cc.
#pragma once

#include "weir/barrier/strategy.h"

namespace weir::barrier::detail {

[[nodiscard]] verdict membarrier_policy() noexcept;

}  // namespace weir::barrier::detail
