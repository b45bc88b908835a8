// POSIX: clock_gettime(3), by the clocks that futex(2) and _umtx_op(2) are told to watch.
#include <ctime>

#include "weir/sync/park/clock.h"

namespace weir::park {
namespace {

template <clockid_t Id>
std::chrono::nanoseconds read(const clock&) noexcept {
  timespec t{};
  ::clock_gettime(Id, &t);  // cannot fail: both clocks exist everywhere
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

}  // namespace

const clock& system_clock() noexcept {
  static constexpr clock system{.monotonic = &read<CLOCK_MONOTONIC>, .wall = &read<CLOCK_REALTIME>};
  return system;
}

}  // namespace weir::park
