#include "weir/sync/park/portable.h"

#include <algorithm>

#include "weir/barrier/fail.h"

namespace weir::park {

bool portable::prepare() noexcept {
  WEIR_ASSERT(!prepared_, "prepare() of a parker whose last wait was not finished");
  prepared_ = true;
  return true;
}

// The word was changed before unpark() took the lock. Either that was before our look at it, which then sees the
// change; or we sleep by then, and are told. It is told under the lock: who has had the lock after it, finish() say,
// knows that nobody is in the middle of telling.
bool portable::park(weir::atomic<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept {
  WEIR_ASSERT(prepared_, "park() without prepare()");
  constexpr std::chrono::nanoseconds most = std::chrono::hours(24);  // far from what libraries cannot add to a clock
  const std::chrono::nanoseconds nap = std::min(until.nap(), most);
  {
    std::unique_lock hold(lock_);
    // Relaxed: the change before unpark() is ordered by the lock.
    if (signaled_ || word.load(std::memory_order_relaxed) != expected) return true;
    if (until.what() == deadline::kind::never) {
      changed_.wait(hold);
      return true;
    }
    if (nap > std::chrono::nanoseconds::zero()) changed_.wait_for(hold, nap);
    if (signaled_) return true;
  }
  return !until.passed();
}

void portable::unpark(weir::atomic<std::uint32_t>&) noexcept {
  const std::lock_guard hold(lock_);
  WEIR_ASSERT(prepared_, "unpark() of a thread that does not wait");
  WEIR_ASSERT(!signaled_, "unpark() more often than the word was changed");
  signaled_ = true;
  changed_.notify_one();
}

void portable::finish(bool unparked) noexcept {
  WEIR_ASSERT(prepared_, "finish() without prepare()");
  {
    std::unique_lock hold(lock_);
    if (unparked) changed_.wait(hold, [this] { return signaled_; });
    WEIR_ASSERT(signaled_ == unparked, "unpark() more often than the word was changed");
    signaled_ = false;
  }
  prepared_ = false;
}

}  // namespace weir::park
