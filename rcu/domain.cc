#include "weir/rcu/domain.h"

#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

#include "weir/barrier/fail.h"
#include "weir/barrier/static_mutex.h"
#include "weir/barrier/thread.h"
#include "weir/rcu/nap.h"

namespace weir::rcu {

namespace thread = barrier::thread;
using detail::outside;
using detail::period;
using detail::record;

namespace detail {

constinit record absent{{~period{0}}, {~std::uint64_t{0}}};
constinit thread_local record* own_default WEIR_TLS_FAST = &absent;
constinit thread_local last_used own_other WEIR_TLS_FAST = {0, &absent};
constinit weir::detail::forever<domain> the_default_domain;

}  // namespace detail

// All domains that a thread has a record in, for the ends of threads and of processes.
struct room_of_domains {
  constinit static inline weir::detail::forever<weir::detail::static_mutex> lock;
  constinit static inline domain* first = nullptr;
  constinit static inline std::uint64_t numbers = 0;  // given so far

  static void left(thread::index i) noexcept {
    detail::own_default = &detail::absent;
    detail::own_other = {0, &detail::absent};
    const std::lock_guard hold(lock.value);
    for (domain* d = first; d != nullptr; d = d->next_) {
      record* const r = d->records_.find(i);
      if (r == nullptr) continue;
      if (r->entered.load(std::memory_order_relaxed) != outside) {
        std::fputs("weir: a thread has ended inside a read-side section of RCU; the section ends with it\n", stderr);
      }
      r->entered.store(outside, std::memory_order_release);  // [reader-leave]
      r->inner.store(0, std::memory_order_relaxed);          // ours until the number is given back
    }
  }

  static void before_fork() noexcept {
    lock.value.lock();
    for (domain* d = first; d != nullptr; d = d->next_) d->strangers_.lock_for_fork().lock();
  }
  static void in_parent() noexcept {
    for (domain* d = first; d != nullptr; d = d->next_) d->strangers_.lock_for_fork().unlock();
    lock.value.unlock();
  }
  static void in_child(thread::index) noexcept {
    for (domain* d = first; d != nullptr; d = d->next_) d->periods_.forget_other_threads();
    in_parent();
  }
  static void lost_in_child(thread::index i) noexcept {
    for (domain* d = first; d != nullptr; d = d->next_) {
      record* const r = d->records_.find(i);
      if (r == nullptr) continue;
      r->entered.store(outside, std::memory_order_relaxed);  // one thread is left
      r->inner.store(0, std::memory_order_relaxed);
    }
  }

  constinit static inline thread::room room{
      .level = 1,
      .left = &left,
      .before_fork = &before_fork,
      .in_parent = &in_parent,
      .in_child = &in_child,
      .lost_in_child = &lost_in_child,
  };
};

// What grace periods ask of their domain.
struct domain::view {
  domain& d;

  void heavy() { barrier::heavy(); }
  // Number 0 are the strangers, and i + 1 is thread i.
  std::uint32_t bound() { return thread::bound() + 1; }
  bool holds_up(std::uint32_t i, period n) {
    if (i == 0) return d.strangers_.hold_up(n);
    const record* const r = d.records_.find(i - 1);
    return r != nullptr && r->holds_up(n);
  }

  void wait_for(std::uint32_t i, period n) {
    for (int k = 0; k < 200; ++k) {
      if (!holds_up(i, n)) return;
      port::relax();
    }
    if (i == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // nobody there tells of its end
      return;
    }
    record* const r = d.records_.find(i - 1);
    // It takes longer: sleep until the reader leaves. See `inner` in record.h for who may lose the bit; the time-out is
    // for that.
    const std::uint32_t before = d.naps_.load(std::memory_order_relaxed);  // only compared by the nap
    r->inner.fetch_or(detail::somebody_waits, std::memory_order_relaxed);  // seen by heavy()
    barrier::heavy();
    if (r->holds_up(n)) detail::nap(d.naps_, before, std::chrono::milliseconds(1));
  }

  bool busy(unsigned round) {
    if (round < 30) {
      port::relax();
    } else if (round < 130) {
      std::this_thread::yield();
    } else {
      return false;
    }
    return true;
  }
  void give_way() { std::this_thread::yield(); }
};

domain::~domain() {
  const std::lock_guard hold(room_of_domains::lock.value);
  for (domain** at = &room_of_domains::first; *at != nullptr; at = &(*at)->next_) {
    if (*at != this) continue;
    *at = next_;
    break;
  }
  // A thread that has used this domain last keeps a pointer, but nobody gets our number, by which it is found, again.
  records_.free_all();
}

void domain::join_list() noexcept {
  if (number_.load(std::memory_order_acquire) != 0) return;  // [listed] the room has been entered
  thread::enter_once(room_of_domains::room);
  const std::lock_guard hold(room_of_domains::lock.value);
  if (number_.load(std::memory_order_relaxed) != 0) return;  // under the lock
  next_ = room_of_domains::first;
  room_of_domains::first = this;
  number_.store(++room_of_domains::numbers, std::memory_order_release);  // [listed]
}

record* domain::find_own() const noexcept {
  const thread::index i = thread::self_if_any();
  return i == thread::none ? nullptr : records_.find(i);
}

record* domain::make_own() noexcept {
  join_list();
  record* const mine = records_.make(thread::self());
  if (mine == nullptr || barrier::active() == barrier::strategy::fence) return mine;
  if (this == &default_domain()) {
    detail::own_default = mine;
  } else {
    detail::own_other = {number_.load(std::memory_order_relaxed), mine};  // given above
  }
  return mine;
}

void domain::enter_slowly() noexcept {
  record* const mine = make_own();
  if (mine == nullptr) {
    strangers_.enter(periods_.newest());
  } else if (!detail::try_enter(*mine, periods_.newest(), [] { barrier::light(); })) {
    mine->inner.fetch_add(1, std::memory_order_relaxed);  // keeps the bit
  }
}

void domain::leave_slowly() noexcept {
  record* const mine = find_own();
  if (mine == nullptr || mine->entered.load(std::memory_order_relaxed) == outside) {
    strangers_.leave();
  } else if (!detail::try_leave(*mine) && detail::leave_slowly(*mine)) {
    naps_.fetch_add(1, std::memory_order_relaxed);  // only compared by the nap
    detail::wake_all(naps_);
  }
}

bool domain::inside() const noexcept {
  const record* const mine = find_own();
  return mine != nullptr && mine->entered.load(std::memory_order_relaxed) != outside;
}

void domain::synchronize() noexcept { synchronize(start_poll()); }

grace_period domain::start_poll() noexcept {
  join_list();
  return grace_period(periods_.ask());
}

bool domain::poll(grace_period p) noexcept {
  if (periods_.has_ended(p.number_)) return true;
  view v{*this};
  static_cast<void>(periods_.advance(v));
  return periods_.has_ended(p.number_);
}

void domain::synchronize(grace_period p) noexcept {
  WEIR_ASSERT(!inside(), "synchronize() of an RCU domain inside a section of that domain: it would wait for itself");
  view v{*this};
  periods_.wait(p.number_, v);
}

}  // namespace weir::rcu
