#include <x86intrin.h>

#include "tests/litmus/clock.h"

namespace litmus {

// Not serializing, on purpose: whoever spins on it leaves the loop as soon as the value is there. Where the counters of
// two CPUs are not in step, the tuner finds the offset, or nothing, and then the harness says that it is blind.
ticks now() noexcept { return static_cast<ticks>(__rdtsc()); }

}  // namespace litmus
