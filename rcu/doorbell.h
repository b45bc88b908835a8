// How a thread that sleeps is told that there is something to do.
//
// Internal; apart from the thread, so that the model checker runs it (tests/model/doorbell_model.cc, which says what a
// nap is there). README.md has the proof.
#pragma once

#include <chrono>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"
#include "weir/rcu/nap.h"

namespace weir::rcu::detail {

// One thread sleeps, anybody calls.
//
//     asleep   1: it sleeps or naps, or is about to. Written by the sleeper
//     urgent   1: somebody has called urgently, and it has not taken that up
//     calls    changes with each call that must end a sleep
//     stop     1: it is to end
class doorbell {
 public:
  // Tells it to look; `urgently`: at once. Cheap where it has been told already. What the caller has for it is there,
  // by a seq_cst operation.
  void call(bool urgently) noexcept {
    if (urgently) {
      // [call] Seq_cst: whoever set it has called, or is about to; and it has not been taken up, so what we have is
      // seen when it is.
      if (urgent_.load(mutation::order<"call-urgent">(std::memory_order_seq_cst)) != 0) return;
      urgent_.store(1, mutation::order<"call-set">(std::memory_order_seq_cst));  // [call]
    }
    // [call] Seq_cst, as what the caller has done before. Pairs with [idle].
    if (asleep_.load(mutation::order<"call">(std::memory_order_seq_cst)) == 0) return;
    wake();
  }

  // It is to end; the caller wakes it afterwards, which orders this. Relaxed where it is read: who does not see it yet
  // comes to sleep() or nap(), whose [idle] does.
  void stop() noexcept { stop_.store(1, std::memory_order_relaxed); }
  [[nodiscard]] bool stopping() const noexcept { return stop_.load(std::memory_order_relaxed) != 0; }

  void wake() noexcept {
    // [call] Seq_cst: notify_all() only loads the number of waiters, and must not do so before the change is visible.
    // Release: who has the change before it looks sees that it is to end. Pairs with [idle].
    calls_.fetch_add(1, mutation::order<"stop">(std::memory_order_seq_cst));
    calls_.notify_all();
    wake_all(calls_);
  }

  // The sleeper: whether it was called urgently since the last time.
  [[nodiscard]] bool urgent() noexcept {
    // [idle] Seq_cst: what was done before the call is seen after this. Relaxed before: what is missed, sleep() sees.
    return urgent_.load(std::memory_order_relaxed) != 0 &&
           urgent_.exchange(0, mutation::order<"call-taken">(std::memory_order_seq_cst)) != 0;
  }

  // Until it is called, if `idle` still says that there is nothing to do, by seq_cst loads.
  template <class Idle>
  void sleep(Idle idle) noexcept {
    const std::uint32_t now = lie_down();
    if (idle() && !disturbed()) calls_.wait(now, std::memory_order_relaxed);  // what has changed is read anew
    get_up();
  }

  // Until it is called, or nothing is left of the time, which left() tells.
  template <class Left>
  void nap(Left left) noexcept {
    const std::uint32_t now = lie_down();
    while (!disturbed()) {
      const std::chrono::nanoseconds rest = left();
      if (rest <= std::chrono::nanoseconds::zero()) break;
      detail::nap(calls_, now, rest);
      if (calls_.load(std::memory_order_relaxed) != now) break;  // only compared
    }
    get_up();
  }

  // Nobody sleeps any more, nor calls.
  void reset() noexcept {
    for (weir::atomic<std::uint32_t>* one : {&asleep_, &urgent_, &calls_, &stop_}) {
      one->store(0, std::memory_order_relaxed);  // one thread
    }
  }

 private:
  // What to wait on.
  std::uint32_t lie_down() noexcept {
    // [idle] Acquire: who tells us to end does not ask whether we are asleep. If we have its change already, we see
    // what it is for; else the wait does not begin. Pairs with [call].
    const std::uint32_t now = calls_.load(mutation::order<"stop-look">(std::memory_order_acquire));
    // [idle] Seq_cst: either the caller sees that we are asleep, or we see what it has done. Pairs with [call].
    asleep_.store(1, mutation::order<"idle">(std::memory_order_seq_cst));
    return now;
  }
  [[nodiscard]] bool disturbed() const noexcept {
    return urgent_.load(mutation::order<"idle-urgent">(std::memory_order_seq_cst)) != 0 || stopping();  // [idle]
  }
  void get_up() noexcept {
    asleep_.store(0, std::memory_order_relaxed);  // our own; who still sees it calls in vain
  }

  weir::atomic<std::uint32_t> calls_{0};
  weir::atomic<std::uint32_t> urgent_{0};
  weir::atomic<std::uint32_t> asleep_{0};
  weir::atomic<std::uint32_t> stop_{0};
};

}  // namespace weir::rcu::detail
