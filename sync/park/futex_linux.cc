#include <cerrno>
#include <limits>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "weir/barrier/fail.h"
#include "weir/sync/park/futex.h"

namespace weir::park {
namespace {

static_assert(sizeof(weir::atomic<std::uint32_t>) == 4 && weir::atomic<std::uint32_t>::is_always_lock_free);

template <reach Reach>
constexpr int flags = Reach == reach::process ? FUTEX_PRIVATE_FLAG : 0;

// What SYS_futex takes, whatever libc's timespec is.
struct moment {
  long seconds;
  long nanoseconds;
};

// A moment before 1970 is refused by the kernel; it has passed, as 1970 has. One that is too late for the type comes
// earlier, and is not taken for the deadline.
moment moment_of(std::chrono::nanoseconds at) noexcept {
  if (at < std::chrono::nanoseconds::zero()) return {0, 0};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at);
  constexpr auto most = std::chrono::seconds(std::numeric_limits<long>::max());
  if (seconds > most) return {std::numeric_limits<long>::max(), 0};
  return {static_cast<long>(seconds.count()), static_cast<long>((at - seconds).count())};
}

}  // namespace

// The kernel compares and goes to sleep under the lock that the wake takes (futex(2)): either it finds the word
// changed, or the wake finds it asleep. FUTEX_WAIT_BITSET takes absolute times (since Linux 2.6.25), on the wall clock
// with FUTEX_CLOCK_REALTIME (2.6.28), which it follows when it is set.
template <reach Reach>
bool basic_futex<Reach>::park(weir::atomic<std::uint32_t>& word, std::uint32_t expected,
                              const deadline& until) noexcept {
  const deadline end = until.for_kernel();
  const bool ends = end.what() != deadline::kind::never;
  const moment when = ends ? moment_of(end.at()) : moment{};
  const int clock = end.what() == deadline::kind::wall ? FUTEX_CLOCK_REALTIME : 0;
  const int operation = FUTEX_WAIT_BITSET | flags<Reach> | clock;
  if (::syscall(SYS_futex, &word, operation, expected, ends ? &when : nullptr, nullptr, FUTEX_BITSET_MATCH_ANY) == 0) {
    return true;
  }
  switch (errno) {
    case EAGAIN:  // the word is another
    case EINTR: return true;
    case ETIMEDOUT: return !until.passed();
    default: weir::detail::die("futex(2) refuses to wait (%s)", weir::detail::words(errno));
  }
}

template <reach Reach>
void basic_futex<Reach>::unpark(weir::atomic<std::uint32_t>& word) noexcept {
  if (::syscall(SYS_futex, &word, FUTEX_WAKE | flags<Reach>, 1, nullptr, nullptr, 0) >= 0) return;
  weir::detail::die("futex(2) refuses to wake (%s)", weir::detail::words(errno));
}

template class basic_futex<reach::process>;
template class basic_futex<reach::system>;

}  // namespace weir::park
