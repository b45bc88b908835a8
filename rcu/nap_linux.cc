// Linux: futex(2), in this process alone.
#include <climits>
#include <ctime>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "weir/rcu/nap.h"

namespace weir::rcu::detail {

static_assert(sizeof(weir::atomic<std::uint32_t>) == 4 && weir::atomic<std::uint32_t>::is_always_lock_free);

void nap(weir::atomic<std::uint32_t>& word, std::uint32_t expected, std::chrono::nanoseconds at_most) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at_most);
  timespec t{};
  t.tv_sec = static_cast<std::time_t>(seconds.count());
  t.tv_nsec = static_cast<long>((at_most - seconds).count());
  ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, expected, &t, nullptr, 0);
}

void wake_all(weir::atomic<std::uint32_t>& word) noexcept {
  ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace weir::rcu::detail
