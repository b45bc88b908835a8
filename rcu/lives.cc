#include "weir/rcu/lives.h"

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace weir::rcu {

namespace thread = barrier::thread;
using detail::outside;
using detail::record;

constinit thread::room room_of_domains::room{
    .level = 1,
    .left = &left,
    .before_fork = &before_fork,
    .in_parent = &in_parent,
    .in_child = &in_child,
    .lost_in_child = &lost_in_child,
};

void room_of_domains::add(domain_base& d) noexcept {
  thread::enter_once(room);
  const std::lock_guard hold(lock.value);
  if (d.number_.load(std::memory_order_relaxed) != 0) return;  // under the lock
  if (numbers == 0) static_cast<void>(std::atexit(&at_exit));  // refused: domains' threads run to the very end
  d.next_ = first;
  first = &d;
  d.number_.store(++numbers, std::memory_order_release);  // [listed]
}

bool room_of_domains::remove(domain_base& d) noexcept {
  const std::lock_guard hold(lock.value);
  // Under the lock no thread is in the middle of its end.
  if (!d.collect_others() || !d.garbage_.empty()) return false;
  for (domain_base** at = &first; *at != nullptr; at = &(*at)->next_) {
    if (*at != &d) continue;
    *at = d.next_;
    break;
  }
  detail::table* const t = d.table_.load(std::memory_order_relaxed);  // nobody else is here
  if (t == nullptr) return true;
  for (thread::index i = 0; i < thread::bound(); ++i) {
    record* const r = t->records.find(i);
    if (r == nullptr) continue;
    detail::segment* const s = r->open.load(std::memory_order_relaxed);  // nobody else is here
    if (s != nullptr) detail::segment::destroy(s);
    r->open.store(nullptr, std::memory_order_relaxed);
    // Nobody's: not 0, which a domain has that is not in the list yet. Read by its owner, who has left.
    r->domain.store(~std::uint64_t{0}, std::memory_order_relaxed);
  }
  t->next = unused;
  unused = t;
  return true;
}

bool room_of_domains::inside_any() noexcept {
  if (domain_base::is_stranger_anywhere()) return true;
  const std::lock_guard hold(lock.value);
  for (const domain_base* d = first; d != nullptr; d = d->next_) {
    if (d->inside()) return true;
  }
  return false;
}

// Domains' threads end, so that they do not run deleters while objects of static storage are destroyed that were there
// before the first domain was used. A domain that is never destroyed keeps what is left. Who exits inside a section
// does not wait for a deleter that may wait for the section.
void room_of_domains::at_exit() noexcept {
  const bool wait = !inside_any();
  std::uint64_t below = ~std::uint64_t{0};
  for (;;) {  // the lock is not held while a thread ends, whose deleters may need it
    domain_base* next = nullptr;
    {
      const std::lock_guard hold(lock.value);
      for (domain_base* d = first; d != nullptr && next == nullptr; d = d->next_) {
        if (d->number_.load(std::memory_order_relaxed) < below) next = d;  // under the lock; in falling order
      }
      if (next != nullptr) {
        below = next->number_.load(std::memory_order_relaxed);  // under the lock
        next->pins_.fetch_add(1, std::memory_order_relaxed);    // under the lock
      }
    }
    if (next == nullptr) return;
    next->worker_.stop(wait);
    next->pins_.fetch_sub(1, std::memory_order_release);  // [pins] the last use of it
  }
}

void room_of_domains::left(thread::index i) noexcept {
  detail::own_default.store(&detail::absent, std::memory_order_relaxed);  // our own
  detail::own_other.store(&detail::absent, std::memory_order_relaxed);    // our own
  const std::lock_guard hold(lock.value);
  for (domain_base* d = first; d != nullptr; d = d->next_) d->left(i);
}

void domain_base::left(thread::index i) noexcept {
  record* const r = find(i);
  const bool as_stranger = stranger_sections() != 0;
  while (stranger_sections() != 0) leave_as_stranger();
  const bool as_reader = r != nullptr && r->entered.load(std::memory_order_relaxed) != outside;  // ours, here and below
  if ((as_stranger || as_reader) && !online_readers_) {
    std::fputs("weir: a thread has ended inside a read-side section of RCU; the section ends with it\n", stderr);
  }
  if (r == nullptr) return;
  r->entered.store(outside, std::memory_order_release);  // [reader-leave]
  r->inner.store(0, std::memory_order_relaxed);
  r->os_thread.store(0, std::memory_order_relaxed);
  seal(*r);
}

namespace {

// Handlers of fork() that run between ours may retire, too.
constinit thread_local bool this_thread_forks WEIR_TLS_FAST = false;

}  // namespace

bool room_of_domains::somebody_else_forks() noexcept {
  return forking.load(std::memory_order_seq_cst) != 0 && !this_thread_forks;  // [forking]
}

void room_of_domains::before_fork() noexcept {
  lock.value.lock();
  this_thread_forks = true;
  // [forking] Seq_cst, then the records: see [handing-over] in retire.cc. Acquire: what was handed over is there.
  forking.store(1, std::memory_order_seq_cst);
  weir::atomic_thread_fence(std::memory_order_seq_cst);  // [forking] before the look for records, too
  for (domain_base* d = first; d != nullptr; d = d->next_) {
    for (thread::index i = 0; i < thread::bound(); ++i) {
      const record* const r = d->find(i);
      while (r != nullptr && r->closing.load(std::memory_order_seq_cst) != nullptr) std::this_thread::yield();
    }
  }
  for (domain_base* d = first; d != nullptr; d = d->next_) {
    d->strangers_.lock_for_fork().lock();
    d->worker_.lock_for_fork().lock();
    d->garbage_.lock_for_fork().lock();
  }
}

void room_of_domains::in_parent() noexcept {
  for (domain_base* d = first; d != nullptr; d = d->next_) {
    d->garbage_.lock_for_fork().unlock();
    d->worker_.lock_for_fork().unlock();
    d->strangers_.lock_for_fork().unlock();
  }
  forking.store(0, std::memory_order_seq_cst);  // [forking]
  this_thread_forks = false;
  lock.value.unlock();
}

void room_of_domains::in_child(thread::index self) noexcept {
  for (domain_base* d = first; d != nullptr; d = d->next_) d->in_child(self);
  in_parent();
}

void domain_base::in_child(thread::index self) noexcept {
  periods_.forget_other_threads();
  strangers_.forget();
  for (unsigned n = stranger_sections(); n > 0; --n) strangers_.enter_again(periods_.newest());
  const record* const r = self != thread::none ? find(self) : nullptr;
  const detail::segment* const open = r != nullptr ? r->open.load(std::memory_order_relaxed) : nullptr;  // our own
  std::size_t granted = open != nullptr ? open->room : 0;
  if (r != nullptr) granted += r->reserved;
  granted_.store(granted, std::memory_order_relaxed);  // one thread
  pins_.store(0, std::memory_order_relaxed);           // likewise
  garbage_.in_child(open);
  worker_.in_child(is_executing());
}

void room_of_domains::lost_in_child(thread::index i) noexcept {
  for (domain_base* d = first; d != nullptr; d = d->next_) d->lost_in_child(i);
}

void domain_base::lost_in_child(thread::index i) noexcept {
  record* const r = find(i);
  if (r == nullptr) return;
  r->entered.store(outside, std::memory_order_relaxed);  // one thread is left, here and below
  r->inner.store(0, std::memory_order_relaxed);
  r->os_thread.store(0, std::memory_order_relaxed);
  r->reserved = 0;
  garbage_.adopt_in_child(*r, periods_);
}

}  // namespace weir::rcu
