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

constinit record absent{{~period{0}}, {~std::uint64_t{0}}, {0}};
constinit thread_local weir::atomic<record*> own_default WEIR_TLS_FAST{&absent};
constinit thread_local weir::atomic<record*> own_other WEIR_TLS_FAST{&absent};
constinit weir::detail::forever<domain> the_default_domain;

}  // namespace detail

namespace {

// Sections that this thread has opened as a stranger, in whatever domain.
constinit thread_local int stranger_sections WEIR_TLS_FAST = 0;

// What readers that are waited for bring to an end when they leave. One for all domains, since one may be gone when its
// last reader comes to this.
constinit weir::atomic<std::uint32_t> naps{0};

}  // namespace

// All domains that a thread has a record in, for the ends of threads and of processes.
struct room_of_domains {
  constinit static inline weir::detail::forever<weir::detail::static_mutex> lock;
  constinit static inline domain* first = nullptr;
  constinit static inline std::uint64_t numbers = 0;        // given so far
  constinit static inline detail::table* unused = nullptr;  // of domains that are gone

  static void left(thread::index i) noexcept {
    detail::own_default.store(&detail::absent, std::memory_order_relaxed);  // our own
    detail::own_other.store(&detail::absent, std::memory_order_relaxed);    // our own
    const std::lock_guard hold(lock.value);
    for (domain* d = first; d != nullptr; d = d->next_) {
      record* const r = d->find(i);
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
    for (domain* d = first; d != nullptr; d = d->next_) {
      d->periods_.forget_other_threads();
      if (stranger_sections == 0) d->strangers_.forget();
    }
    in_parent();
  }
  static void lost_in_child(thread::index i) noexcept {
    for (domain* d = first; d != nullptr; d = d->next_) {
      record* const r = d->find(i);
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
    const record* const r = d.find(i - 1);
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
    // It takes longer: sleep until the reader leaves. See `inner` in record.h for who may lose the bit; the time-out is
    // for that.
    record* const r = d.find(i - 1);
    const std::uint32_t before = naps.load(std::memory_order_relaxed);  // only compared by the nap
    const std::uint64_t had = r->inner.fetch_or(detail::somebody_waits, std::memory_order_relaxed);  // seen by heavy()
    if ((had & detail::somebody_waits) == 0) barrier::heavy();
    if (r->holds_up(n)) detail::nap(naps, before, std::chrono::milliseconds(1));
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
  detail::table* const t = table_.load(std::memory_order_relaxed);  // nobody else is here
  if (t == nullptr) return;
  for (thread::index i = 0; i < thread::bound(); ++i) {
    record* const r = t->records.find(i);
    // Nobody's: not 0, which a domain has that is not in the list yet. Read by its owner, who has left.
    if (r != nullptr) r->domain.store(~std::uint64_t{0}, std::memory_order_relaxed);
  }
  t->next = room_of_domains::unused;
  room_of_domains::unused = t;
}

record* domain::find(thread::index i) const noexcept {
  const detail::table* const t = table_.load(std::memory_order_acquire);  // [table] it is constructed
  return t != nullptr ? t->records.find(i) : nullptr;
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
  return i == thread::none ? nullptr : find(i);
}

record* domain::make_own() noexcept {
  join_list();
  const thread::index i = thread::self();
  detail::table* t = table_.load(std::memory_order_acquire);  // [table]
  if (t == nullptr) t = make_table();
  record* const mine = t != nullptr ? t->records.make(i) : nullptr;
  if (mine == nullptr) return nullptr;
  mine->domain.store(number_.load(std::memory_order_relaxed), std::memory_order_relaxed);  // our own; given above
  // The fast ways are for threads whose light() is none of fences. A thread that leaves must not be found by them
  // again: its number may be another's soon.
  if (barrier::active() == barrier::strategy::fence || thread::is_leaving()) return mine;
  (this == &default_domain() ? detail::own_default : detail::own_other).store(mine, std::memory_order_relaxed);
  return mine;
}

detail::table* domain::make_table() noexcept {
  const std::lock_guard hold(room_of_domains::lock.value);
  detail::table* t = table_.load(std::memory_order_relaxed);  // under the lock
  if (t != nullptr) return t;
  t = room_of_domains::unused;
  if (t != nullptr) {
    room_of_domains::unused = t->next;
  } else {
    t = new (std::nothrow) detail::table;
  }
  table_.store(t, std::memory_order_release);  // [table]
  return t;
}

void domain::enter_slowly() noexcept {
  // A thread that is inside as a stranger stays one: which of its sections ends could not be told otherwise.
  record* const mine = stranger_sections == 0 ? make_own() : nullptr;
  if (mine == nullptr) {
    ++stranger_sections;
    strangers_.enter(periods_.newest());
  } else if (!detail::try_enter(*mine, periods_.newest(), [] { barrier::light(); })) {
    mine->inner.fetch_add(1, std::memory_order_relaxed);  // keeps the bit
    barrier::light();                                     // as in record.h
  }
}

void domain::leave_slowly() noexcept {
  record* const mine = find_own();
  if (mine == nullptr || mine->entered.load(std::memory_order_relaxed) == outside) {  // our own
    WEIR_ASSERT(stranger_sections > 0, "unlock() of an RCU domain without lock()");
    --stranger_sections;
    strangers_.leave();
  } else if (!detail::try_leave(*mine) && detail::leave_slowly(*mine)) {
    naps.fetch_add(1, std::memory_order_relaxed);  // only compared by the nap
    detail::wake_all(naps);
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
