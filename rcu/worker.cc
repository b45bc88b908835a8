#include "weir/rcu/worker.h"

#include <mutex>
#include <thread>

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

void worker::stop(bool wait) noexcept {
  bool is_there = false;
  {
    const std::lock_guard hold(lock_);
    if (state_.load(std::memory_order_relaxed) == running) bell_.stop();  // under the lock
    state_.store(stopped, std::memory_order_release);                     // [worker]
    is_there = stopping();
  }
  if (!is_there) return;
  bell_.wake();
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

void worker::nap(std::chrono::nanoseconds at_most) noexcept {
  using clock = std::chrono::steady_clock;
  const clock::time_point end = clock::now() + at_most;
  bell_.nap([end] { return end - clock::now(); });
}

void worker::wait_until_over() noexcept {
  while (!errands_.none()) std::this_thread::yield();
}

void worker::in_child(bool executing) noexcept {
  const std::uint32_t was = state_.load(std::memory_order_relaxed);  // one thread, here and below
  if (was != stopped) state_.store(none, std::memory_order_relaxed);
  for (weir::atomic<std::uint32_t>* one : {&over_, &joining_, &joined_}) {
    one->store(0, std::memory_order_relaxed);
  }
  bell_.reset();
  errands_.reset(executing ? 1 : 0);
}

}  // namespace weir::rcu::detail
