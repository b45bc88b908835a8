// The _umtx_op(2) that is played for the files of FreeBSD.
#pragma once

#include "tests/support/shim/refusals.h"

namespace weir::shim::freebsd {

// Calls by kind, and their refusals; the code is an errno.
refusals& umtx_wait();
refusals& umtx_wake();

// Waits so far that were to end by this clock (CLOCK_REALTIME, CLOCK_MONOTONIC).
[[nodiscard]] unsigned umtx_waits_by(unsigned clock) noexcept;
// Calls so far among processes, not within one.
[[nodiscard]] unsigned umtx_shared_calls() noexcept;

// Calls that mean nothing, or are not used: an unknown operation, the wrong size of a time, a relative time.
[[nodiscard]] unsigned umtx_misuse() noexcept;

}  // namespace weir::shim::freebsd
