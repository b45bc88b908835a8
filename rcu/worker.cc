#include "weir/rcu/worker.h"

#include <mutex>
#include <thread>

#include "weir/rcu/nap.h"

namespace weir::rcu::detail {

bool worker::ensure(void (*loop)(void*), void* argument) noexcept {
  const std::uint32_t now = state_.load(std::memory_order_acquire);  // [worker]
  if (now != none) return now == running;
  const std::lock_guard hold(lock_);
  if (state_.load(std::memory_order_relaxed) != none) return runs();  // under the lock
  const bool started = thread_.start(loop, argument);
  state_.store(started ? running : failed, std::memory_order_release);  // [worker] the handle is there
  return started;
}

void worker::call(bool urgently) noexcept {
  if (urgently) {
    if (urgent_.load(std::memory_order_seq_cst) != 0) return;  // [call] whoever set it has called, or is about to
    urgent_.store(1, std::memory_order_seq_cst);               // [call]
  }
  // [call] Seq_cst, as what the caller has done before: see [idle].
  if (asleep_.load(std::memory_order_seq_cst) == 0) return;
  calls_.fetch_add(1, std::memory_order_seq_cst);  // [call] notify_all() only loads the number of waiters
  calls_.notify_all();
  wake_all(calls_);
}

void worker::stop(bool wait) noexcept {
  bool is_there = false;
  {
    const std::lock_guard hold(lock_);
    if (state_.load(std::memory_order_relaxed) == running) stop_.store(1, std::memory_order_seq_cst);  // [idle]
    state_.store(stopped, std::memory_order_release);                                                  // [worker]
    is_there = stopping();
  }
  if (!is_there) return;
  calls_.fetch_add(1, std::memory_order_seq_cst);  // [call]
  calls_.notify_all();
  wake_all(calls_);
  if (thread_.is_this_one() || (!wait && !ends_soon())) return;
  if (joining_.exchange(1, std::memory_order_relaxed) == 0) {  // who comes first; the thread's end is what orders
    thread_.join();
    joined_.store(1, std::memory_order_release);  // [joined]
  } else {
    while (joined_.load(std::memory_order_acquire) == 0) std::this_thread::yield();  // [joined]
  }
}

bool worker::ends_soon() const noexcept {
  using clock = std::chrono::steady_clock;
  const clock::time_point end = clock::now() + std::chrono::milliseconds(100);
  while (over_.load(std::memory_order_relaxed) == 0) {  // a hint; the join orders
    if (clock::now() >= end) return false;
    std::this_thread::yield();
  }
  return true;
}

bool worker::urgent() noexcept {
  // [call] Seq_cst: what was done before the call is seen after this.
  return urgent_.load(std::memory_order_relaxed) != 0 && urgent_.exchange(0, std::memory_order_seq_cst) != 0;
}

void worker::nap(std::chrono::nanoseconds at_most) noexcept {
  using clock = std::chrono::steady_clock;
  const clock::time_point end = clock::now() + at_most;
  const std::uint32_t now = calls_.load(std::memory_order_relaxed);      // only compared, here and below
  asleep_.store(1, std::memory_order_seq_cst);                           // [idle]
  while (urgent_.load(std::memory_order_seq_cst) == 0 && !stopping()) {  // [idle]
    const clock::duration left = end - clock::now();
    if (left <= clock::duration::zero()) break;
    detail::nap(calls_, now, left);
    if (calls_.load(std::memory_order_relaxed) != now) break;
  }
  asleep_.store(0, std::memory_order_relaxed);  // our own; who still sees it calls in vain
}

bool worker::schedule() noexcept {
  if (is_stopped()) return false;
  // [schedule] Seq_cst, as [push] and [collect]: either the work to come sees what the caller has pushed, or it has
  // been taken up, and more is to be given away.
  if (scheduled_.load(std::memory_order_seq_cst) != 0) return false;
  if (scheduled_.exchange(1, std::memory_order_seq_cst) != 0) return false;  // [schedule]
  given_away_.fetch_add(1, std::memory_order_relaxed);                       // counted before it is given
  return true;
}

void worker::refused() noexcept {
  given_away_.fetch_sub(1, std::memory_order_release);  // [over]
  scheduled_.store(0, std::memory_order_seq_cst);       // [schedule]
}

void worker::taken_up() noexcept { scheduled_.store(0, std::memory_order_seq_cst); }  // [schedule]

void worker::over() noexcept {
  given_away_.fetch_sub(1, std::memory_order_release);  // [over] the last that is done with the domain
}

void worker::wait_until_over() noexcept {
  while (given_away_.load(std::memory_order_acquire) != 0) {  // [over]
    std::this_thread::yield();
  }
}

void worker::in_child(bool executing) noexcept {
  const std::uint32_t was = state_.load(std::memory_order_relaxed);  // one thread, here and below
  if (was != stopped) state_.store(none, std::memory_order_relaxed);
  for (weir::atomic<std::uint32_t>* one : {&stop_, &over_, &joining_, &joined_}) {
    one->store(0, std::memory_order_relaxed);
  }
  calls_.store(0, std::memory_order_relaxed);
  urgent_.store(0, std::memory_order_relaxed);
  asleep_.store(0, std::memory_order_relaxed);
  scheduled_.store(0, std::memory_order_relaxed);
  given_away_.store(executing ? 1 : 0, std::memory_order_relaxed);
}

}  // namespace weir::rcu::detail
