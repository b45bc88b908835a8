// Grace periods: numbered, one after the other, each shared by all who asked before it began.
//
// Internal; apart from the domain, so that the model checker runs it (tests/model/grace_model.cc). README.md has the
// proof.
//
//     begun   S  periods that have begun. Who reads S = s by a read-modify-write is served by every period above s
//     newest  E  the newest period's number, for readers; written once a period
//     ended   D  all periods up to this number have ended
//     (these begin at 1: a reader's 0 says that it is outside)
//     leading L  1 while some thread works on a period, or waits for its readers (a lock)
//     and, under L, what is left to look at of a period that has begun and not ended
//
// A period is one heavy() and one scan of the readers' records. It may be begun by one thread and ended by another: who
// only polls looks once and goes on.
#pragma once

#include <concepts>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/rcu/record.h"

namespace weir::rcu::detail {

// What a period needs of its domain, and how its callers spend the time.
template <class D>
concept readers_of = requires(D d, std::uint32_t i, period n, unsigned round) {
  d.heavy();                                     // the slow side of the barrier
  { d.bound() } -> std::same_as<std::uint32_t>;  // after heavy(): every reader that matters has a smaller number
  { d.first_that_holds_up(n, i, i) } -> std::same_as<std::uint32_t>;  // of period n the first in [from, end)
  d.wait_for(i, n);                         // until the reader with this number does not hold up n; or less long
  { d.busy(round) } -> std::same_as<bool>;  // of a caller that must wait for another; false: sleep now
  d.give_way();
};

class grace_periods {
 public:
  // The number of a period that begins after this: when it has ended, so has every section that is open now.
  [[nodiscard]] period ask() noexcept {
    // [gp-ticket] A read-modify-write: a plain load could be older than a period that has begun already; and it hands
    // on what the caller did before. Pairs with [gp-begin].
    return (mutation::removed<"gp-ticket">() ? begun_.load(std::memory_order_relaxed)
                                             : begun_.fetch_add(0, std::memory_order_acq_rel)) +
           (mutation::removed<"gp-next">() ? 0 : 1);
  }

  // Whether period `n` has ended. What was done before ask() was called, and in every section that was open then,
  // happens before the return of true.
  [[nodiscard]] bool has_ended(period n) const noexcept {
    // [gp-served] Pairs with [gp-end].
    return ended_.load(mutation::order<"gp-served">(std::memory_order_acquire)) >= n;
  }

  // How many have ended.
  [[nodiscard]] period ended() const noexcept { return ended_.load(std::memory_order_relaxed) - 1; }  // a statistic

  // For readers ([reader-enter]).
  [[nodiscard]] constexpr const weir::atomic<period>& newest() const noexcept { return newest_; }

  // Returns when period `n` has ended; works on it itself if nobody else does.
  template <readers_of Domain>
  void wait(period n, Domain& domain) noexcept {
    if (has_ended(n)) return;
    waiting_.fetch_add(1, std::memory_order_relaxed);  // a hint
    // As in barrier/combine.h: the last period served several, who are still waking up; whoever leads meanwhile serves
    // us too. Nothing is held.
    if (crowded_.load(std::memory_order_relaxed) != 0) domain.give_way();  // a hint
    for (unsigned round = 0; !has_ended(n);) {
      if (try_lead()) {
        while (!has_ended(n) && !look(domain)) domain.wait_for(position_, number_);
        const bool crowd = waiting_.load(std::memory_order_relaxed) > 1;  // hints
        if (crowded_.load(std::memory_order_relaxed) != (crowd ? 1u : 0u)) {
          crowded_.store(crowd ? 1 : 0, std::memory_order_relaxed);
        }
        unlead();
      } else if (!domain.busy(round++)) {
        sleep(n);
      }
    }
    waiting_.fetch_sub(1, std::memory_order_relaxed);  // a hint
  }

  // In the child after fork(): of all threads only the caller's is left.
  void forget_other_threads() noexcept {
    number_ = 0;  // a period in progress is given up: the next one has a larger number
    sleeping_.store(0, std::memory_order_relaxed);  // one thread: program order suffices here
    waiting_.store(0, std::memory_order_relaxed);   // ... and below
    crowded_.store(0, std::memory_order_relaxed);
    leading_.store(0, std::memory_order_relaxed);
  }

  // Works on a period without waiting for anybody: begins one if none has begun, and looks at the readers. Whether it
  // has done anything: not if somebody else does.
  template <readers_of Domain>
  bool advance(Domain& domain) noexcept {
    if (!try_lead()) return false;
    static_cast<void>(look(domain));
    unlead();
    return true;
  }

  // The same, but where a reader holds it up it is waited for once: about a millisecond at most.
  template <readers_of Domain>
  bool press(Domain& domain) noexcept {
    if (!try_lead()) return false;
    if (!look(domain)) domain.wait_for(position_, number_);
    unlead();
    return true;
  }

 private:
  static void fence_after_rmw() noexcept {
    // [gp-begin] What a period shows comes after its number was taken, for all.
    if constexpr (!port::rmw_is_full_fence) weir::atomic_thread_fence(std::memory_order_seq_cst);
  }

  [[nodiscard]] bool try_lead() noexcept {
    // [gp-lead] Acquire: what earlier leaders have left is ours. Pairs with [gp-unlead].
    return leading_.load(std::memory_order_relaxed) == 0 &&
           leading_.exchange(1, mutation::order<"gp-lead">(std::memory_order_acquire)) == 0;
  }

  void unlead() noexcept {
    // [gp-unlead] Release for [gp-lead]; seq_cst for [gp-sleep]: either we see the sleeper, or it sees that nobody
    // leads, and does not sleep.
    leading_.exchange(0, mutation::order<"gp-unlead">(std::memory_order_seq_cst));
    if (sleeping_.load(mutation::order<"gp-wake">(std::memory_order_seq_cst)) != 0) wake_all();  // [gp-wake]
  }

  // With the lead: begins a period if none is in progress, and looks at the readers from where the last look ended.
  // True: it has ended. False: the reader position_ holds it up.
  template <class Domain>
  [[nodiscard]] bool look(Domain& domain) noexcept {
    if (number_ == 0) begin(domain);
    position_ = domain.first_that_holds_up(number_, position_, bound_);
    if (position_ < bound_) return false;
    // [gp-end] Release: what the scan has read of happens before the return of all whom this period serves. Pairs with
    // [gp-served].
    ended_.store(number_, mutation::order<"gp-end">(std::memory_order_release));
    number_ = 0;
    return true;
  }

  template <class Domain>
  void begin(Domain& domain) noexcept {
    // [gp-begin] Acquire: reads through all tickets below, which continue one another's release sequence. Pairs with
    // [gp-ticket].
    number_ = begun_.fetch_add(1, mutation::order<"gp-begin">(std::memory_order_acquire)) + 1;
    if (!mutation::removed<"gp-begin">()) fence_after_rmw();
    // [gp-newest] Release: a reader that has the number sees what was unlinked before the tickets were taken. Pairs
    // with [reader-epoch]. Then heavy(), for readers that came in with an older one: pairs with the light() of
    // [reader-enter].
    newest_.store(number_, mutation::order<"gp-newest">(std::memory_order_release));
    if (!mutation::removed<"gp-heavy">()) domain.heavy();
    bound_ = domain.bound();
    position_ = 0;
  }

  WEIR_COLD void wake_all() noexcept {
    // [gp-wake] Seq_cst: notify_all() only loads the number of waiters, and must not do so before the new value is
    // visible. A waiter that it does not count finds turn_ changed.
    turn_.fetch_add(1, std::memory_order_seq_cst);
    turn_.notify_all();
  }

  WEIR_COLD void sleep(period n) noexcept {
    const std::uint32_t turn = turn_.load(std::memory_order_relaxed);  // only compared by the wait below
    // [gp-sleep] Seq_cst, see [gp-unlead] and [gp-wake].
    sleeping_.fetch_add(1, mutation::order<"gp-sleep">(std::memory_order_seq_cst));
    if (ended_.load(std::memory_order_seq_cst) < n &&
        leading_.load(mutation::order<"gp-sleep-look">(std::memory_order_seq_cst)) != 0) {
      turn_.wait(turn, std::memory_order_relaxed);  // what we wait for is read again, with acquire
    }
    sleeping_.fetch_sub(1, std::memory_order_relaxed);  // ours; a leader that still counts us wakes nobody, once
  }

  alignas(port::line) weir::atomic<period> newest_{1};
  alignas(port::line) weir::atomic<period> begun_{1};
  alignas(port::line) weir::atomic<period> ended_{1};
  weir::atomic<std::uint32_t> turn_{0};      // what sleepers wait on: changes whenever they must look again
  weir::atomic<std::uint32_t> sleeping_{0};  // callers in sleep()
  alignas(port::line) weir::atomic<std::uint32_t> leading_{0};
  weir::atomic<std::uint32_t> waiting_{0};  // callers in wait()
  weir::atomic<std::uint32_t> crowded_{0};  // whether the last period left others waiting
  // Under the lead. 0: no period is in progress.
  period number_ = 0;
  std::uint32_t position_ = 0;
  std::uint32_t bound_ = 0;
};

}  // namespace weir::rcu::detail
