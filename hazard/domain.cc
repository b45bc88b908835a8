#include "weir/hazard/domain.h"

#include <mutex>
#include <new>

#include "weir/hazard/each_bag.h"
#include "weir/hazard/lives.h"

namespace weir::hazard {

namespace thread = barrier::thread;
using detail::bag;

namespace detail {

constinit weir::detail::forever<domain> the_default_domain;
constinit bag no_bag;
constinit thread_local weir::atomic<bag*> own_default WEIR_TLS_FAST{&no_bag};
constinit thread_local weir::atomic<bag*> own_other WEIR_TLS_FAST{&no_bag};

}  // namespace detail

bag* domain::find(thread::index i) const noexcept {
  const detail::table* const t = table_.load(std::memory_order_acquire);  // [table] it is constructed
  return t != nullptr ? t->bags.find(i) : nullptr;
}

void domain::join_list() noexcept {
  if (number_.load(std::memory_order_acquire) == 0) room_of_domains::add(*this);  // [listed] the room has been entered
}

// Null: out of memory, or the thread is past its end: its number may be another's soon.
bag* domain::make_own() noexcept {
  join_list();
  const thread::index i = thread::self();
  if (i == thread::none || thread::is_leaving()) return nullptr;
  bag* mine = find(i);
  if (mine == nullptr) mine = make_bag(i);
  if (mine == nullptr) return nullptr;
  if (mine->domain.load(std::memory_order_relaxed) !=
          number_.load(std::memory_order_relaxed) ||  // our own; given above
      mine->ownerless) {
    const std::lock_guard hold(mine->lock);
    mine->ownerless = false;
  }
  mine->domain.store(number_.load(std::memory_order_relaxed), std::memory_order_relaxed);  // our own; given above
  (is_default() ? detail::own_default : detail::own_other).store(mine, std::memory_order_relaxed);  // our own
  return mine;
}

// Under the lock, so that a fork() locks and unlocks the same ones.
bag* domain::make_bag(thread::index i) noexcept {
  const std::lock_guard hold(room_of_domains::lock.value);
  detail::table* t = table_.load(std::memory_order_relaxed);  // under the lock
  if (t == nullptr) {
    t = room_of_domains::unused;
    if (t != nullptr) {
      room_of_domains::unused = t->next;
    } else {
      t = new (std::nothrow) detail::table;
    }
    table_.store(t, std::memory_order_release);  // [table]
  }
  return t != nullptr ? t->bags.make(i) : nullptr;
}

statistics domain::stats() noexcept {
  statistics s;
  s.pending = held_.load(std::memory_order_relaxed);  // statistics, here and below
  s.peak = peak_.load(std::memory_order_relaxed);
  s.protected_now = protected_.load(std::memory_order_relaxed);
  s.scans = scans_.load(std::memory_order_relaxed);
  each_bag(thread::bound(), [&](bag& b) {
    const std::lock_guard hold(b.lock);
    const detail::segment* const open = b.open.load(std::memory_order_relaxed);  // under the lock
    if (open != &detail::full) s.pending += open->written() - open->first;
  });
  return s;
}

}  // namespace weir::hazard
