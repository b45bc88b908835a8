// The strategy fence: nothing to install, and heavy() is the fences that its callers put around it anyway.
//
// Internal. Sound on every system: light() is a seq_cst fence as well.
#pragma once

#include "weir/barrier/strategy.h"

namespace weir::barrier::detail {

struct fence {
  static constexpr strategy id = strategy::fence;
  static verdict available(wish) noexcept { return verdict::yes("works everywhere"); }
  static verdict install() noexcept { return verdict::yes("a seq_cst fence on both sides"); }
  static void heavy() noexcept {}
};
static_assert(strategy_file<fence>);

}  // namespace weir::barrier::detail
