#include "tests/litmus/clock.h"

namespace litmus {

ticks now() noexcept { return std::chrono::steady_clock::now().time_since_epoch().count(); }

}  // namespace litmus
