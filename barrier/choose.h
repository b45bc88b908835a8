// How the strategy is chosen: pure of the system, so that every case can be tested.
//
// Internal.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "weir/barrier/strategy.h"

namespace weir::barrier::detail {

// The outcome. `chosen` null: what was asked for cannot be had, and `text` says so; else `text` says what was chosen
// and why each better strategy was not.
struct decision {
  const candidate* chosen = nullptr;
  char text[1000] = {};
};

// Goes down `rows` (best first) and installs the first strategy that is available.
//
// `environment`: the value of WEIR_BARRIER, empty if unset. `pin`: the name the build has pinned, empty if none. Either
// decides: that strategy or none. Both must agree.
[[nodiscard]] decision choose(std::span<const candidate> rows, std::string_view environment,
                              std::string_view pin) noexcept;

}  // namespace weir::barrier::detail
