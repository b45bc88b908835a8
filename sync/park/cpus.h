// Which processors the calling thread may run on. Internal. One file per system: cpus_<system>.cc.
#pragma once

#include <cstdint>

namespace weir::park::detail {

// How many; and if it is one, which.
struct cpus {
  std::uint32_t count;
  std::uint32_t only;
};

// A system call, or less.
[[nodiscard]] cpus cpus_of_this_thread() noexcept;

}  // namespace weir::park::detail
