#include <algorithm>
#include <mach/mach.h>
#include <mach/mach_error.h>
#include <mach/semaphore.h>
#include <thread>
#include <utility>

#include "weir/barrier/fail.h"
#include "weir/barrier/mutation.h"
#include "weir/sync/park/semaphore.h"
#include "weir/sync/park/semaphore_pool.h"

namespace weir::park {
namespace {

// What the calls say of a semaphore that was destroyed: before they came, or while they waited.
bool is_gone(kern_return_t r) noexcept {
  return r == KERN_TERMINATED || r == KERN_INVALID_NAME || r == KERN_INVALID_RIGHT || r == KERN_INVALID_ARGUMENT;
}

[[noreturn]] void die_of(const char* call, kern_return_t r) noexcept {
  weir::detail::die("%s failed (%s, %d)", call, ::mach_error_string(r), r);
}

constexpr std::chrono::nanoseconds longest = std::chrono::hours(24);

mach_timespec_t timespec_of(std::chrono::nanoseconds nap) noexcept {
  const std::chrono::nanoseconds time = std::min(nap, longest);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  mach_timespec_t t{};
  t.tv_sec = static_cast<unsigned>(seconds.count());
  t.tv_nsec = static_cast<clock_res_t>((time - seconds).count());
  return t;
}

}  // namespace

bool semaphore::prepare() noexcept {
  WEIR_ASSERT(name_ == 0, "prepare() of a parker whose last wait was not finished");
  name_ = detail::semaphores().draw();
  refused_ = name_ == 0;
  return !refused_;
}

// The semaphore keeps a signal that comes before the wait for it, so it is enough that one is sent after the word has
// changed. Relaxed looks: a change that is not seen yet is told by the signal, which orders it.
bool semaphore::park(weir::atomic<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept {
  WEIR_ASSERT(name_ != 0, "park() without prepare()");
  if (word.load(std::memory_order_relaxed) != expected) return true;
  if (gone_) {
    constexpr std::chrono::nanoseconds look = std::chrono::milliseconds(1);
    std::this_thread::sleep_for(std::min(until.nap(), look));
    return !until.passed();
  }
  const kern_return_t r = until.what() == deadline::kind::never
                              ? ::semaphore_wait(name_)
                              : ::semaphore_timedwait(name_, timespec_of(until.nap()));
  switch (r) {
    case KERN_SUCCESS:
      // With the word unchanged it is none of ours: code that does not own the semaphore has sent it.
      consumed_ = consumed_ || word.load(std::memory_order_relaxed) != expected;
      return true;
    case KERN_ABORTED: return true;  // by a signal handler, or thread_abort()
    case KERN_OPERATION_TIMED_OUT: return !until.passed();
    default: break;
  }
  if (!is_gone(r)) die_of("semaphore_wait", r);
  gone_ = true;
  return true;
}

void semaphore::unpark(weir::atomic<std::uint32_t>&) noexcept {
  WEIR_ASSERT(name_ != 0, "unpark() of a thread that does not wait");
  const kern_return_t r = ::semaphore_signal(name_);
  if (r != KERN_SUCCESS && !is_gone(r)) die_of("semaphore_signal", r);
  // [signal-sent] Release: our look at the name comes before. Pairs with [signal-awaited].
  sent_.fetch_add(1, mutation::order<"signal-sent">(std::memory_order_release));
}

void semaphore::await_signal() noexcept {
  ++awaited_;
  while (!consumed_ && !gone_) {
    const kern_return_t r = ::semaphore_wait(name_);
    consumed_ = r == KERN_SUCCESS;
    gone_ = is_gone(r);
    if (!consumed_ && !gone_ && r != KERN_ABORTED) die_of("semaphore_wait", r);
  }
  if (!gone_) return;
  // [signal-awaited] Acquire: nobody looks at the name any more, and it can be another. Pairs with [signal-sent]. A
  // signal that has come says the same; this one never will.
  while (sent_.load(mutation::order<"signal-awaited">(std::memory_order_acquire)) != awaited_) {
    std::this_thread::yield();
  }
}

void semaphore::finish(bool unparked) noexcept {
  WEIR_ASSERT(name_ != 0, "finish() without prepare()");
  if (unparked) await_signal();
  // Relaxed: a number, which is too large only if somebody was wrong.
  WEIR_ASSERT(static_cast<std::int32_t>(sent_.load(std::memory_order_relaxed) - awaited_) <= 0,
              "unpark() more often than the word was changed");
  const std::uint32_t mine = std::exchange(name_, 0);
  consumed_ = false;
  if (std::exchange(gone_, false)) {
    detail::semaphores().write_off();
  } else {
    detail::semaphores().put_back(mine);
  }
}

std::error_code semaphore::failure() const noexcept {
  return refused_ ? std::make_error_code(std::errc::resource_unavailable_try_again) : std::error_code();
}

}  // namespace weir::park
