#include "weir/hazard/lives.h"

#include <algorithm>
#include <bit>
#include <mutex>
#include <thread>

#include "weir/hazard/domain.h"
#include "weir/hazard/each_bag.h"
#include "weir/hazard/turn.h"

namespace weir::hazard {

namespace thread = barrier::thread;
using detail::bag;

namespace {

thread::index bound_at_fork = 0;  // under the lock

// The domain for which this thread reclaims at its end.
constinit thread_local const domain* pinned WEIR_TLS_FAST = nullptr;

}  // namespace

constinit thread::room room_of_domains::room{
    .level = 1,
    .left = &left,
    .before_fork = &before_fork,
    .in_parent = &in_parent,
    .in_child = &in_child,
    .lost_in_child = &lost_in_child,
};

void room_of_domains::enter() noexcept { thread::enter_once(room); }

void detail::enter_room() noexcept { room_of_domains::enter(); }

void room_of_domains::add(domain& d) noexcept {
  enter();
  const std::lock_guard hold(lock.value);
  if (d.number_.load(std::memory_order_relaxed) != 0) return;  // under the lock
  d.next_ = first;
  first = &d;
  d.number_.store(++numbers, std::memory_order_release);  // [listed]
}

bool room_of_domains::remove(domain& d) noexcept {
  const std::lock_guard hold(lock.value);
  // Under the lock no thread is in the middle of its end, but for those that reclaim at it.
  // What they have given away: after that. [pins]
  bool empty = d.pins_.load(std::memory_order_acquire) == 0 && d.work_.none() && d.links_.in.empty();
  d.each_bag(thread::bound(), [&](bag& b) {
    const detail::segment* const open = b.open.load(std::memory_order_relaxed);  // nobody else is here
    empty = empty && b.objects == 0 && (open == &detail::full || open->written() == open->first);
  });
  if (!empty) return false;
  for (domain** at = &first; *at != nullptr; at = &(*at)->next_) {
    if (*at != &d) continue;
    *at = d.next_;
    break;
  }
  d.each_bag(thread::bound(), [&](bag& b) {
    b.seal();
    b.free_memory();
    // Nobody's: not 0, which a domain has that is not in the list yet. Read by its owner, who has left.
    b.domain.store(~std::uint64_t{0}, std::memory_order_relaxed);
  });
  if (detail::table* const t = d.table_.load(std::memory_order_relaxed); t != nullptr) {  // nobody else is here
    t->next = unused;
    unused = t;
  }
  return true;
}

domain::~domain() {
  WEIR_ASSERT(!detail::deleting::of(this), "a domain of hazard pointers is destroyed by one of its deleters");
  while (!work_.none()) std::this_thread::yield();
  if (number_.load(std::memory_order_relaxed) == 0) return;  // nobody has ever come here
  while (!room_of_domains::remove(*this)) {
    if (!reclaim_the_rest()) std::this_thread::yield();
  }
}

// --- The end of a thread -------------------------------------------------------------------------------------------

void room_of_domains::left(thread::index i) noexcept {
  detail::forget_own_line();
  detail::own_default.store(&detail::no_bag, std::memory_order_relaxed);  // our own
  detail::own_other.store(&detail::no_bag, std::memory_order_relaxed);    // our own
  {
    const std::lock_guard hold(lock.value);
    for (domain* d = first; d != nullptr; d = d->next_) d->left(i);
  }
  // Threads that are gone leave no more than one that stays: the last one reclaims. Not under the lock, which deleters
  // may need.
  std::uint64_t below = ~std::uint64_t{0};
  for (;;) {
    domain* next = nullptr;
    {
      const std::lock_guard hold(lock.value);
      for (domain* d = first; d != nullptr && next == nullptr; d = d->next_) {
        if (d->number_.load(std::memory_order_relaxed) < below) next = d;  // under the lock; in falling order
      }
      if (next == nullptr) return;
      below = next->number_.load(std::memory_order_relaxed);  // under the lock
      next->pins_.fetch_add(1, std::memory_order_relaxed);    // under the lock
    }
    pinned = next;
    next->after_seal(next->strangers_);
    pinned = nullptr;
    next->pins_.fetch_sub(1, std::memory_order_release);  // [pins] the last use of it
  }
}

// What it has not reclaimed goes to the strangers, where others find it.
void domain::left(thread::index i) noexcept {
  bag* const b = find(i);
  if (b == nullptr) return;
  const std::scoped_lock hold(b->lock, strangers_.lock);
  b->ownerless = true;
  adopt(*b);
  b->free_memory();
}

// Under both locks.
void domain::adopt(bag& b) noexcept {
  const std::size_t before = b.objects + strangers_.objects;
  strangers_.adopt(b);
  const std::size_t now = b.objects + strangers_.objects;
  if (now > before) {
    count_retired(now - before);
  } else {
    held_.fetch_sub(before - now, std::memory_order_relaxed);  // a statistic
  }
}

// --- fork() --------------------------------------------------------------------------------------------------------

void room_of_domains::before_fork() noexcept {
  lock.value.lock();
  detail::lock_slots_for_fork();
  // Of all chunks that are there: other threads get numbers meanwhile, but no chunk, which takes the lock.
  bound_at_fork = std::max(thread::index{64}, std::bit_ceil(thread::bound()));
  for (domain* d = first; d != nullptr; d = d->next_) {
    d->each_bag(bound_at_fork, [](bag& b) { b.lock.lock(); });
  }
}

void room_of_domains::in_parent() noexcept {
  for (domain* d = first; d != nullptr; d = d->next_) {
    d->each_bag(bound_at_fork, [](bag& b) { b.lock.unlock(); });
  }
  detail::unlock_slots_after_fork();
  lock.value.unlock();
}

void room_of_domains::in_child(thread::index) noexcept {
  for (domain* d = first; d != nullptr; d = d->next_) d->in_child();
  in_parent();
}

void room_of_domains::lost_in_child(thread::index i) noexcept {
  for (domain* d = first; d != nullptr; d = d->next_) d->lost_in_child(i);
}

// Under all locks, here and below. What the thread was looking through goes back; the deleter that it was in is not
// called again.
void domain::lost_in_child(thread::index i) noexcept {
  if (bag* const b = find(i); b != nullptr) {
    b->ownerless = true;
    b->take_back(detail::this_thread());
    strangers_.adopt(*b);
  }
}

void domain::in_child() noexcept {
  const void* const self = detail::this_thread();
  std::size_t held = 0;
  each_bag(bound_at_fork, [&](bag& b) {
    b.take_back(self);
    held += b.objects + b.running_objects;
  });
  if (links_.runner.load(std::memory_order_relaxed) == self) {  // one thread, here and below
    ++held;                                                     // the one that it is in the deleter of
  } else {
    while (detail::link* const l = links_.left) {
      links_.left = l->next;
      links_.in.push(l);
    }
    links_.runner.store(nullptr, std::memory_order_relaxed);
  }
  for (const detail::link* list : {links_.in.newest(), links_.left}) {
    for (const detail::link* l = list; l != nullptr; l = l->next) ++held;
  }
  held_.store(held, std::memory_order_relaxed);
  work_.reset(detail::deleting::times(&work_));
  pins_.store(pinned == this ? 1 : 0, std::memory_order_relaxed);
}

}  // namespace weir::hazard
