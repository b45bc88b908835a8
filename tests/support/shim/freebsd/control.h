// The kernel that is played for the files of FreeBSD.
#pragma once

#include "tests/support/shim/refusals.h"

namespace weir::shim::freebsd {

// Calls of membarrier(2), by command, and their refusals; the code is an errno. In a program that is run anew,
// WEIR_SHIM_MEMBARRIER=<errno> has every call fail.
refusals& membarrier(int command);

// Calls with flags or a CPU, which must be 0.
[[nodiscard]] unsigned misuse() noexcept;

}  // namespace weir::shim::freebsd
