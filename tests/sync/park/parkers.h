// The parkers that this system can build; WEIR_ALL_PARKERS, from the BUILD file, lists those of a test.
#pragma once

#include "weir/sync/park/address.h"
#include "weir/sync/park/futex.h"
#include "weir/sync/park/measured.h"
#include "weir/sync/park/native.h"
#include "weir/sync/park/portable.h"
#include "weir/sync/park/semaphore.h"
#include "weir/sync/park/umtx.h"

namespace weir::test {

using measured_native = park::measured<park::native>;
static_assert(park::parker<measured_native>);

// A deadline so far from now, by the system's clocks.
[[nodiscard]] inline park::deadline soon(std::chrono::nanoseconds time, park::deadline::kind kind) noexcept {
  const park::clock& system = park::system_clock();
  return kind == park::deadline::kind::wall ? park::deadline::wall(system.wall(system) + time, system)
                                            : park::deadline::monotonic(system.monotonic(system) + time, system);
}

}  // namespace weir::test
