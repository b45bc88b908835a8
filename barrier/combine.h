// Concurrent calls of a barrier combined: whoever arrives while a call is in progress shares the next one.
//
// Internal. The system call of heavy() interrupts every CPU, and N threads that each make their own hinder one another.
// Here N callers cost at most two system calls: the one in progress, which some of them came too late for, and one more
// that serves all who arrived during it. README.md has the proof; tests/model/combine_model.cc checks this very header.
//
//     begun  S  calls that have begun; its value at a caller's arrival tells which call serves it
//     ended  D  calls that have ended; calls are serial, so D = n says that calls 1..n have ended. S = D when L = 0
//     leading L 1 while some caller makes a call (a lock that is never slept or yielded under)
//
// An idle barrier costs three read-modify-writes: take L, advance S, release L. A ticket is only for those who wait.
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"

namespace weir::barrier::detail {

// How a caller that must wait spends its time. `round` counts up from 0; false says that it should sleep now.
template <class W>
concept waiting_policy = requires(W w, unsigned round) {
  { w.busy(round) } -> std::same_as<bool>;
  w.give_way();
};

class combiner {
 public:
  // Executes `call`, or waits for one that began after this function was entered; a seq_cst fence in either case.
  // `call` runs with no lock of ours visible to it but must not re-enter the same combiner.
  template <class Call, waiting_policy Wait>
  void run(Call&& call, Wait wait) {
    if (crowded_.load(std::memory_order_relaxed) == 0 && try_lead()) {  // a hint
      lead(call, 0);
    } else {
      follow(call, wait);
    }
    fence_after_rmw();
  }

  // The number of the next call that begins after this; see follow().
  [[nodiscard]] std::uint64_t ticket() noexcept {
    // [heavy-ticket] We need a call that begins after this: number S + 1. A read-modify-write, because a plain load
    // could be older than a call already begun, and because it hands on what we did before. Pairs with [heavy-begin].
    return (mutation::removed<"heavy-ticket">() ? begun_.load(std::memory_order_relaxed)
                                                : begun_.fetch_add(0, std::memory_order_acq_rel)) +
           (mutation::removed<"heavy-next">() ? 0 : 1);
  }

  // Whether that call, or a later one, has ended.
  [[nodiscard]] bool served(std::uint64_t ticket) const noexcept {
    // [heavy-served] Acquire: the call that served us happens before our return. Pairs with [heavy-end].
    return ended_.load(mutation::order<"heavy-served">(std::memory_order_acquire)) >= ticket;
  }

  [[nodiscard]] bool in_progress() const noexcept { return leading_.load(std::memory_order_relaxed) != 0; }  // a hint

  // Calls that have ended.
  [[nodiscard]] std::uint64_t ended() const noexcept {
    return ended_.load(std::memory_order_relaxed);  // a statistic
  }

  // Callers that hold a ticket and wait. For tests that must know when a crowd has arrived.
  [[nodiscard]] std::uint32_t waiting() const noexcept {
    return waiting_.load(std::memory_order_acquire);  // [waiting] whom it counts has a ticket
  }

  // In the child after fork(): the threads that led, waited or slept are gone. Only the caller's thread exists.
  void forget_other_threads() noexcept {
    const std::uint64_t begun = begun_.load(std::memory_order_relaxed);  // one thread: program order suffices here
    ended_.store(begun, std::memory_order_relaxed);                      // ... and below
    sleeping_.store(0, std::memory_order_relaxed);
    waiting_.store(0, std::memory_order_relaxed);
    crowded_.store(0, std::memory_order_relaxed);
    leading_.store(0, std::memory_order_relaxed);
  }

 private:
  // A seq_cst fence where the last thing done was a read-modify-write of an atomic.
  // [heavy] The caller's own full barrier, before the call and at the end of run(). Pairs with [light] and [full].
  static void fence_after_rmw() noexcept {
    if constexpr (port::rmw_is_full_fence) {
      std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
      weir::atomic_thread_fence(std::memory_order_seq_cst);
    }
  }

  bool try_lead() {
    // [lead-lock] Acquire: what earlier leaders did, their calls included, happens before ours. Pairs with
    // [lead-unlock]. The load before it is only to keep the line shared while somebody leads.
    return leading_.load(std::memory_order_relaxed) == 0 &&
           leading_.exchange(1, mutation::order<"lead-lock">(std::memory_order_acquire)) == 0;
  }

  // With L held: one call, begun after every ticket that it serves was taken. `own`: the tickets that the caller holds.
  template <class Call>
  void lead(Call& call, std::uint32_t own) {
    std::uint64_t n = 0;
    if (mutation::removed<"heavy-number-first">()) {
      call();
      n = begun_.fetch_add(1, std::memory_order_acq_rel) + 1;  // [heavy-begin], but too late
    } else {
      // [heavy-begin] Acquire: reads through the read-modify-writes of all tickets below n (they continue one another's
      // release sequence), so all that their owners did before happens before the call. Pairs with [heavy-ticket].
      n = begun_.fetch_add(1, mutation::order<"heavy-begin">(std::memory_order_acquire)) + 1;
      if (!mutation::removed<"heavy-begin">()) fence_after_rmw();
      call();
    }
    // Relaxed: hints.
    const bool crowd = waiting_.load(std::memory_order_relaxed) > own;
    if (crowded_.load(std::memory_order_relaxed) != crowd) crowded_.store(crowd, std::memory_order_relaxed);
    // [heavy-end] Release: the call, and what happened before it, happens before the return of all it served.
    // Pairs with [heavy-served].
    ended_.store(n, mutation::order<"heavy-end">(std::memory_order_release));
    unlead();
  }

  void unlead() {
    // [lead-unlock] Release for [lead-lock]; seq_cst for [sleep]: this exchange and the load of sleeping_ below, and
    // the increment of sleeping_ and the load of leading_ there, stand in one total order. Either we see the sleeper,
    // or it sees that nobody leads and does not sleep.
    leading_.exchange(0, mutation::order<"lead-unlock">(std::memory_order_seq_cst));
    // [wake] Pairs with [sleep].
    if (sleeping_.load(mutation::order<"wake">(std::memory_order_seq_cst)) != 0) wake_all();
  }

  WEIR_COLD void wake_all() {
    // [turn] Seq_cst: notify_all() only loads the number of waiters, and must not do so before the new value is
    // visible. A waiter that it does not count finds turn_ changed. What has changed, a sleeper reads with acquire,
    // [heavy-served].
    turn_.fetch_add(1, mutation::order<"turn">(std::memory_order_seq_cst));
    turn_.notify_all();
  }

  template <class Call, class Wait>
  WEIR_COLD void follow(Call& call, Wait& wait) {
    const std::uint64_t mine = ticket();
    waiting_.fetch_add(1, std::memory_order_release);  // [waiting] after the ticket
    // The last call served several. Who led it would come back first and lead alone, again and again, while those that
    // it has released are still waking up: step aside, with a ticket, so that whoever leads meanwhile serves us too.
    // Without a ticket, threads that share a CPU step aside and then make a call each. Nothing is held meanwhile.
    if (crowded_.load(std::memory_order_relaxed) != 0) wait.give_way();  // a hint
    for (unsigned round = 0;; ++round) {
      if (served(mine)) break;
      if (try_lead()) {
        if (ended_.load(std::memory_order_relaxed) >= mine) {  // current: [lead-lock]
          unlead();
        } else {
          lead(call, 1);
        }
        break;
      }
      if (!wait.busy(round)) sleep(mine);
    }
    waiting_.fetch_sub(1, std::memory_order_relaxed);  // a hint
  }

  void sleep(std::uint64_t ticket) {
    const std::uint32_t turn = turn_.load(std::memory_order_relaxed);  // only compared by the wait below
    // [sleep] Seq_cst, see [lead-unlock] and [wake]: if the leader does not see this increment, we see that it has
    // left.
    constexpr std::memory_order look = std::memory_order_seq_cst;
    sleeping_.fetch_add(1, mutation::order<"sleep">(look));
    if (ended_.load(mutation::order<"sleep-look">(look)) < ticket &&
        leading_.load(mutation::order<"sleep-look">(look)) != 0) {
      turn_.wait(turn, std::memory_order_relaxed);  // [turn]; what we wait for is read again, with acquire
    }
    sleeping_.fetch_sub(1, std::memory_order_relaxed);  // ours; a leader that still counts us wakes nobody, once
  }

  alignas(port::line) weir::atomic<std::uint64_t> begun_{0};
  alignas(port::line) weir::atomic<std::uint64_t> ended_{0};
  weir::atomic<std::uint32_t> turn_{0};      // what sleepers wait on: changes whenever they must look again
  weir::atomic<std::uint32_t> sleeping_{0};  // callers in sleep()
  alignas(port::line) weir::atomic<std::uint32_t> leading_{0};
  weir::atomic<std::uint32_t> crowded_{0};  // whether the last call left others waiting
  weir::atomic<std::uint32_t> waiting_{0};  // callers in follow() with a ticket
};

}  // namespace weir::barrier::detail
