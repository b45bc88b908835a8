// Who does a domain's reclaiming apart from its retirers: a thread of its own, or work for an executor. Internal.
#pragma once

#include <chrono>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/errands.h"
#include "weir/barrier/static_mutex.h"
#include "weir/rcu/doorbell.h"
#include "weir/rcu/own_thread.h"

namespace weir::rcu::detail {

class worker {
 public:
  // Starts `loop(argument)` on a thread of its own, unless it runs, or was stopped, or could not be started before.
  // Whether it runs.
  bool ensure(void (*loop)(void*), void* argument) noexcept;
  [[nodiscard]] bool runs() const noexcept {
    return state_.load(std::memory_order_acquire) == running;  // [worker] a hint, but for stop()
  }

  [[nodiscard]] bool is_stopped() const noexcept {
    return state_.load(std::memory_order_acquire) == stopped;  // [worker]
  }

  // Tells it to look; `urgently`: at once. Cheap where it has been told already.
  void call(bool urgently) noexcept { bell_.call(urgently); }

  // Ends the thread, and waits for that: if not `wait`, for a tenth of a second at most, since it may be in a deleter
  // that waits for the caller. It is not started again, nor is work given away. The thread itself is told only.
  void stop(bool wait) noexcept;

  // On the thread: whether it is to end; and its naps, which call() ends.
  [[nodiscard]] bool stopping() const noexcept { return bell_.stopping(); }
  // Whether it was called urgently since the last time.
  [[nodiscard]] bool urgent() noexcept { return bell_.urgent(); }
  void nap(std::chrono::nanoseconds at_most) noexcept;
  // The last that it does here.
  void ends() noexcept { over_.store(1, std::memory_order_relaxed); }  // a hint
  // Until it is called, if `idle` still says that there is nothing to do.
  template <class Idle>
  void sleep(Idle idle) noexcept {
    bell_.sleep(idle);
  }

  // An executor's: whether work is to be given away now, and when it has been taken up and is over.
  [[nodiscard]] bool schedule() noexcept { return !is_stopped() && errands_.schedule(); }
  void refused() noexcept { errands_.refused(); }
  void taken_up() noexcept { errands_.taken_up(); }
  void over() noexcept { errands_.over(); }
  void wait_until_over() noexcept;

  // Around fork(); in the child the thread is gone.
  weir::detail::static_mutex& lock_for_fork() noexcept { return lock_; }
  // `executing`: the forking thread runs work that was given to an executor.
  void in_child(bool executing) noexcept;

 private:
  [[nodiscard]] bool ends_soon() const noexcept;

  enum : std::uint32_t { none, running, failed, stopped };

  weir::detail::static_mutex lock_;  // of starting and stopping
  weir::atomic<std::uint32_t> state_{none};
  weir::atomic<std::uint32_t> over_{0};
  weir::atomic<std::uint32_t> joining_{0};
  weir::atomic<std::uint32_t> joined_{0};
  doorbell bell_;
  weir::detail::errands errands_;
  own_thread thread_;
};

}  // namespace weir::rcu::detail
