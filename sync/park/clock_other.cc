// Any system: what std::chrono has.
#include "weir/sync/park/clock.h"

namespace weir::park {
namespace {

template <class Clock>
std::chrono::nanoseconds read(const clock&) noexcept {
  return Clock::now().time_since_epoch();
}

}  // namespace

const clock& system_clock() noexcept {
  static constexpr clock system{.monotonic = &read<std::chrono::steady_clock>,
                                .wall = &read<std::chrono::system_clock>};
  return system;
}

}  // namespace weir::park
