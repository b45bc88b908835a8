// Sections of threads that have no record: memory has run out, or the thread is past its end. Internal.
//
// Two records, in turns by the number of the newest period, with a count each. Periods come one after the other, so a
// record is used again only when everybody has left who came in two periods ago: nobody is waited for twice.
#pragma once

#include <mutex>

#include "weir/barrier/barrier.h"
#include "weir/barrier/fail.h"
#include "weir/barrier/static_mutex.h"
#include "weir/rcu/record.h"

namespace weir::rcu::detail {

class strangers {
 public:
  void enter(const weir::atomic<period>& newest) noexcept {
    const std::lock_guard hold(lock_);
    const period now = newest.load(std::memory_order_acquire);  // [reader-enter]
    record& r = records_[now % 2];
    if (counts_[now % 2]++ == 0) r.entered.store(now, std::memory_order_release);  // [reader-enter]
    barrier::light();
  }

  // In the child after fork(): of a section that its thread is inside of.
  void enter_again(const weir::atomic<period>& newest) noexcept {
    const period now = newest.load(std::memory_order_relaxed);                                     // one thread
    if (counts_[now % 2]++ == 0) records_[now % 2].entered.store(now, std::memory_order_relaxed);  // likewise
  }

  // Of sections that overlap it does not matter which one ends: the older record is kept for the longest.
  void leave() noexcept {
    const std::lock_guard hold(lock_);
    const period a = records_[0].entered.load(std::memory_order_relaxed);  // under the lock
    const period b = records_[1].entered.load(std::memory_order_relaxed);
    WEIR_ASSERT(a != outside || b != outside, "unlock() of an RCU domain without lock()");
    const unsigned newer = a == outside || (b != outside && b > a) ? 1 : 0;
    if (--counts_[newer] == 0) records_[newer].entered.store(outside, std::memory_order_release);  // [reader-leave]
  }

  // In the child after fork(): those inside are gone.
  void forget() noexcept {
    for (record& r : records_) r.entered.store(outside, std::memory_order_relaxed);  // one thread
    counts_[0] = counts_[1] = 0;
  }

  [[nodiscard]] bool hold_up(period n) const noexcept { return records_[0].holds_up(n) || records_[1].holds_up(n); }

  weir::detail::static_mutex& lock_for_fork() noexcept { return lock_; }

 private:
  weir::detail::static_mutex lock_;
  record records_[2];
  unsigned counts_[2] = {};
};

}  // namespace weir::rcu::detail
