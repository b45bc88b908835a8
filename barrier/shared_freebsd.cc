#include "weir/barrier/fail.h"
#include "weir/barrier/membarrier_freebsd.h"
#include "weir/barrier/shared.h"
#include "weir/barrier/thread.h"

namespace weir::barrier::detail {
namespace {

// Unlike Linux, FreeBSD wants the caller registered too, not only those whom it interrupts: every member is both.
using global_calls = global_expedited<freebsd_calls>;
using global_membarrier = membarrier_on<global_calls>;

// A child is not registered, and one that only reads would not be told so by a refusal: the barriers of other members
// would pass it by.
void register_child(thread::index) noexcept {
  if (const long r = global_calls::enlist(); r < 0) {
    weir::detail::die(
        "a child of fork() cannot be registered for the barrier across processes (%s), which its parent is",
        weir::detail::words(static_cast<int>(-r)));
  }
}
constinit thread::room the_room{.level = -1, .in_child = &register_child};

}  // namespace

verdict install_shared() noexcept {
  const verdict available = global_membarrier::available(wish::automatic);
  if (!available) return available;
  const verdict installed = global_membarrier::install();
  if (installed) thread::enter_once(the_room);
  return installed;
}

void heavy_shared() noexcept { global_membarrier::heavy(); }

}  // namespace weir::barrier::detail
