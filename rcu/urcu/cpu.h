// Processors, for workers that are one's own. Internal. One file per system: cpu_<system>.cc.
#pragma once

namespace weir::rcu::urcu {

// How many there may be: their numbers are smaller. 0: unknown; then there are no workers of processors.
[[nodiscard]] int cpus() noexcept;

// The one that the caller runs on, or did a moment ago; -1: unknown.
[[nodiscard]] int current_cpu() noexcept;

// The calling thread stays on it, if the system does that.
void stay_on(int cpu) noexcept;

}  // namespace weir::rcu::urcu
