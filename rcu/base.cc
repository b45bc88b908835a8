#include "weir/rcu/base.h"

#include <chrono>
#include <mutex>
#include <thread>

#include "weir/barrier/thread.h"
#include "weir/rcu/domain.h"
#include "weir/rcu/lives.h"
#include "weir/rcu/nap.h"
#include "weir/rcu/own_strangers.h"
#include "weir/rcu/view.h"

namespace weir::rcu {

namespace thread = barrier::thread;
using detail::outside;
using detail::period;
using detail::record;

namespace detail {

constinit record absent{{~period{0}}, {~std::uint64_t{0}}};
constinit thread_local weir::atomic<record*> own_default WEIR_TLS_FAST{&absent};
constinit thread_local weir::atomic<record*> own_other WEIR_TLS_FAST{&absent};

}  // namespace detail

namespace {

constinit thread_local detail::own_strangers strange WEIR_TLS_FAST;

// What readers that are waited for bring to an end when they leave. One for all domains, since one may be gone when its
// last reader comes to this.
constinit weir::atomic<std::uint32_t> naps{0};

}  // namespace

bool domain_base::view::holds_up(std::uint32_t i, period n) {
  bool held = false;
  if (i == 0) {
    held = d.strangers_.hold_up(n);
  } else {
    const record* const r = d.find(i - 1);
    held = r != nullptr && r->holds_up(n);
  }
  if (held) [[unlikely]] {
    note_stall(i, n);
  }
  return held;
}

void domain_base::view::note_stall(std::uint32_t i, period n) {
  detail::stall& s = d.stall_;  // relaxed, all of it: for people
  if (s.period.load(std::memory_order_relaxed) == n && s.reader.load(std::memory_order_relaxed) == i) return;
  s.since.store(std::chrono::steady_clock::now().time_since_epoch().count(), std::memory_order_relaxed);
  s.reader.store(i, std::memory_order_relaxed);
  s.period.store(n, std::memory_order_relaxed);
}

void domain_base::view::wait_for(std::uint32_t i, period n) {
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

bool domain_base::view::busy(unsigned round) {
  if (round < 30) {
    port::relax();
  } else if (round < 130) {
    std::this_thread::yield();
  } else {
    return false;
  }
  return true;
}

void domain_base::view::give_way() { std::this_thread::yield(); }

domain_base::~domain_base() {
  worker_.stop(true);
  worker_.wait_until_over();
  if (number_.load(std::memory_order_relaxed) != 0) {  // else nobody has ever come here
    do {
      drain();
    } while (!room_of_domains::remove(*this));
    while (pins_.load(std::memory_order_acquire) != 0) std::this_thread::yield();  // [pins]
  }
  garbage_.destroy();
}

record* domain_base::find(thread::index i) const noexcept {
  const detail::table* const t = table_.load(std::memory_order_acquire);  // [table] it is constructed
  return t != nullptr ? t->records.find(i) : nullptr;
}

void domain_base::join_list() noexcept {
  if (number_.load(std::memory_order_acquire) == 0) room_of_domains::add(*this);  // [listed] the room has been entered
}

record* domain_base::find_own() const noexcept {
  const thread::index i = thread::self_if_any();
  return i == thread::none ? nullptr : find(i);
}

record* domain_base::make_own() noexcept {
  join_list();
  const thread::index i = thread::self();
  detail::table* t = table_.load(std::memory_order_acquire);  // [table]
  if (t == nullptr) t = make_table();
  record* const mine = t != nullptr ? t->records.make(i) : nullptr;
  if (mine == nullptr) return nullptr;
  if (mine->domain.load(std::memory_order_relaxed) !=
          number_.load(std::memory_order_relaxed) ||  // our own; given above
      mine->os_thread.load(std::memory_order_relaxed) == 0) {
    mine->os_thread.store(detail::system_thread_id(), std::memory_order_relaxed);  // for people
    mine->domain.store(number_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  }
  // The fast ways are for threads whose light() is none of fences. A thread that leaves must not be found by them
  // again: its number may be another's soon. A stranger must find its way to leave as one.
  if (barrier::active() == barrier::strategy::fence || thread::is_leaving() || strange.any()) return mine;
  (is_default() ? detail::own_default : detail::own_other).store(mine, std::memory_order_relaxed);
  return mine;
}

detail::table* domain_base::make_table() noexcept {
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

void domain_base::enter_as_stranger() noexcept {
  strange.enter(this);
  strangers_.enter(periods_.newest());
}

void domain_base::leave_as_stranger() noexcept {
  const bool was_inside = strange.leave(this);
  WEIR_ASSERT(was_inside, "unlock() of an RCU domain without lock()");
  if (was_inside) strangers_.leave();
}

unsigned domain_base::stranger_sections() const noexcept { return strange.count(this); }
bool domain_base::is_stranger_anywhere() noexcept { return strange.any(); }

void domain_base::wake_who_waits() noexcept {
  naps.fetch_add(1, std::memory_order_relaxed);  // only compared by the nap
  detail::wake_all(naps);
}

bool domain_base::inside() const noexcept {
  const record* const mine = find_own();
  return (mine != nullptr && mine->entered.load(std::memory_order_relaxed) != outside) ||  // our own
         stranger_sections() != 0;
}

void domain_base::synchronize() noexcept { synchronize(start_poll()); }

grace_period domain_base::start_poll() noexcept {
  join_list();
  return grace_period(periods_.ask());
}

bool domain_base::poll(grace_period p) noexcept {
  if (periods_.has_ended(p.number_)) return true;
  advance();
  return periods_.has_ended(p.number_);
}

bool domain_base::advance() noexcept {
  view v{*this};
  return periods_.advance(v);
}

void domain_base::synchronize(grace_period p) noexcept {
  WEIR_ASSERT(!inside(), "synchronize() of an RCU domain inside a section of that domain: it would wait for itself");
  view v{*this};
  periods_.wait(p.number_, v);
}

statistics domain_base::stats() noexcept {
  statistics s;
  s.pending = garbage_.held();
  s.peak = garbage_.peak();
  s.exceeded = garbage_.exceeded();
  s.grace_periods = periods_.ended();
  // Relaxed: for people; a stall that has just ended may still be told.
  const period stalled = stall_.period.load(std::memory_order_relaxed);
  if (stalled == 0 || periods_.has_ended(stalled)) return s;
  const std::uint32_t i = stall_.reader.load(std::memory_order_relaxed);
  const record* const r = i == 0 ? nullptr : find(i - 1);
  const std::chrono::steady_clock::duration since(stall_.since.load(std::memory_order_relaxed));
  s.oldest = {.thread = r != nullptr ? r->os_thread.load(std::memory_order_relaxed) : 0,
              .since = std::chrono::steady_clock::time_point(since)};
  return s;
}

}  // namespace weir::rcu
