// What is measured: the parts, each of which is run by a process of its own, and the rows of each.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "tests/litmus/tally.h"

namespace litmus {

using sink = std::function<void(const row&)>;

struct part {
  std::string_view name;
  std::string_view what;  // for the progress line
  void (*run)(double scale, const sink& emit);
};

// pairs: the wrong pairs, full / full, and the delays; heavy: light / heavy as this process has it; shared: the same
// across two processes; probe: nothing, but the strategy must be had.
[[nodiscard]] std::span<const part> parts();
[[nodiscard]] const part* find_part(std::string_view name);

}  // namespace litmus
