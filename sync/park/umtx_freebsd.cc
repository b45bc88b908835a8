#include <cerrno>
#include <ctime>
#include <limits>
#include <sys/types.h>  // before the next
#include <sys/umtx.h>

#include "weir/barrier/fail.h"
#include "weir/sync/park/umtx.h"

namespace weir::park {
namespace {

static_assert(sizeof(weir::atomic<std::uint32_t>) == 4 && weir::atomic<std::uint32_t>::is_always_lock_free);

template <reach Reach>
constexpr int wait = Reach == reach::process ? UMTX_OP_WAIT_UINT_PRIVATE : UMTX_OP_WAIT_UINT;
template <reach Reach>
constexpr int wake = Reach == reach::process ? UMTX_OP_WAKE_PRIVATE : UMTX_OP_WAKE;

// A moment before 1970 has passed, as 1970 has. Of a type that cannot hold the seconds the largest value: it comes
// earlier, and is not taken for the deadline.
_umtx_time time_of(const deadline& end) noexcept {
  constexpr auto zero = std::chrono::nanoseconds::zero();
  const std::chrono::nanoseconds at = end.at() < zero ? zero : end.at();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at);
  constexpr auto most = std::chrono::seconds(std::numeric_limits<std::time_t>::max());
  _umtx_time t{};
  t._timeout.tv_sec = static_cast<std::time_t>(seconds < most ? seconds.count() : most.count());
  t._timeout.tv_nsec = static_cast<long>((at - seconds).count());
  t._flags = UMTX_ABSTIME;
  t._clockid = end.what() == deadline::kind::wall ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  return t;
}

}  // namespace

// The kernel puts the thread into the queue, and then compares: whoever has changed the word before is seen, and
// whoever changes it later finds the thread in the queue (_umtx_op(2), UMTX_OP_WAIT_UINT; with a clock's number since
// FreeBSD 10, by the size of _umtx_time).
template <reach Reach>
bool basic_umtx<Reach>::park(weir::atomic<std::uint32_t>& word, std::uint32_t expected,
                             const deadline& until) noexcept {
  const deadline end = until.for_kernel();
  _umtx_time time{};
  void* size = nullptr;
  if (end.what() != deadline::kind::never) {
    time = time_of(end);
    size = reinterpret_cast<void*>(sizeof time);  // NOLINT(performance-no-int-to-ptr): as the call wants it
  }
  if (::_umtx_op(&word, wait<Reach>, expected, size, size != nullptr ? &time : nullptr) == 0) return true;
  switch (errno) {
    case EINTR: return true;
    case ETIMEDOUT: return !until.passed();
    default: weir::detail::die("_umtx_op(2) refuses to wait (%s)", weir::detail::words(errno));
  }
}

template <reach Reach>
void basic_umtx<Reach>::unpark(weir::atomic<std::uint32_t>& word) noexcept {
  if (::_umtx_op(&word, wake<Reach>, 1, nullptr, nullptr) == 0) return;
  weir::detail::die("_umtx_op(2) refuses to wake (%s)", weir::detail::words(errno));
}

template class basic_umtx<reach::process>;
template class basic_umtx<reach::system>;

}  // namespace weir::park
