// The strategies of this system, best first; the last one is always fence.
//
// Internal. One file per system defines it: ladder_<system>.cc.
#pragma once

#include <span>

#include "weir/barrier/strategy.h"

namespace weir::barrier::detail {

[[nodiscard]] std::span<const candidate> ladder() noexcept;

}  // namespace weir::barrier::detail
