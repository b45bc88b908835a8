#include "weir/rcu/garbage.h"

#include <utility>

namespace weir::rcu::detail {

namespace {

// What tells threads apart, also those without a number.
const void* this_thread() noexcept {
  static constinit thread_local char mark WEIR_TLS_FAST = 0;
  return &mark;
}

}  // namespace

// --- How much ------------------------------------------------------------------------------------------------------

void garbage::note_peak(std::size_t now) noexcept {
  std::size_t seen = peak_.load(std::memory_order_relaxed);  // a statistic, here and below
  while (now > seen && !peak_.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {
  }
}

bool garbage::take_credit(std::size_t objects, std::size_t limit) noexcept {
  // Relaxed: a count, from which nothing follows but itself.
  const std::size_t now = held_.fetch_add(objects, std::memory_order_relaxed) + objects;
  if (now > limit) {
    held_.fetch_sub(objects, std::memory_order_relaxed);
    return false;
  }
  note_peak(now);
  return true;
}

void garbage::take_credit_over_the_limit(std::size_t objects) noexcept {
  note_peak(held_.fetch_add(objects, std::memory_order_relaxed) + objects);  // a count
  exceeded_.fetch_add(1, std::memory_order_relaxed);                         // a statistic
}

// --- Segments that nobody uses --------------------------------------------------------------------------------------

segment* garbage::fresh(std::uint32_t room) noexcept {
  if (room == segment::most && lock_.try_lock()) {  // who holds it may have been put to sleep: better allocate
    segment* const s = spare_;
    if (s != nullptr) {
      spare_ = s->next;
      --spares_;
      s->next = nullptr;
    }
    lock_.unlock();
    if (s != nullptr) return s;
  }
  return segment::make(room);
}

// Under the lock, so that take_from() does not look at memory that is gone.
void garbage::recycle(segment* s) noexcept {
  constexpr std::size_t enough = 64;  // 256 KiB
  give_credit(s->credit);
  if (s->room != segment::most || spares_ == enough) {
    segment::destroy(s);
    return;
  }
  s->hand.reset();
  s->credit = s->room;
  s->first.store(0, std::memory_order_relaxed);  // handed on under the lock, as all that follows
  s->borrowed = false;
  s->next = spare_;
  spare_ = s;
  ++spares_;
}

// --- The way in ----------------------------------------------------------------------------------------------------

void garbage::queue::add(segment* s) noexcept {
  s->runner = nullptr;
  s->next = nullptr;
  (first == nullptr ? first : last->next) = s;
  last = s;
}

void garbage::queue::add_again(segment* s) noexcept {
  s->runner = nullptr;
  segment** at = &first;
  while (*at != nullptr && (*at)->serial < s->serial) at = &(*at)->next;
  s->next = *at;
  if (*at == nullptr) last = s;
  *at = s;
}

segment* garbage::queue::pop() noexcept {
  segment* const s = first;
  if (s != nullptr) {
    first = s->next;
    s->next = nullptr;
  }
  return s;
}

void garbage::enqueue(segment* s) noexcept {
  s->serial = ++serial_;
  waiting_.add(s);
}

void garbage::collect() noexcept {
  for (segment* s = pushed_.take_in_order(); s != nullptr;) {
    segment* const next = s->next;
    enqueue(s);
    s = next;
  }
}

bool garbage::take_from(record& owner, std::uint64_t since, grace_periods& periods) noexcept {
  const std::lock_guard hold(lock_);
  collect();  // what was closed before comes before
  // [seal] Acquire, both: if the owner has taken its segment away, we see that it is handing it over, or, if not that
  // any more, it is here already. Pairs with [seal] in retire.cc.
  segment* const s = owner.open.load(std::memory_order_acquire);
  if (s == nullptr) return owner.closing.load(std::memory_order_acquire) == nullptr;
  // Who has seized it after `since` has seen what the caller means. Who runs it ends the process in one of its
  // deleters.
  if (!s->hand.seize()) return s->borrowed && (s->serial > since || s->runner == this_thread());
  s->end = s->hand.seen();
  if (s->first.load(std::memory_order_relaxed) == s->end) {  // ours while seized
    if (s->hand.release()) return true;
    s->end = s->hand.seen();
    if (s->first.load(std::memory_order_relaxed) == s->end) {  // ours
      recycle(s);
    } else {
      s->target = periods.ask();
      enqueue(s);
    }
    return true;
  }
  s->borrowed = true;
  s->target = periods.ask();
  enqueue(s);
  return true;
}

bool garbage::append_for_strangers(retired what, std::uint32_t room, grace_periods& periods) noexcept {
  const std::lock_guard hold(lock_);
  if (strangers_ == nullptr) {
    strangers_ = segment::make(room);
    if (strangers_ == nullptr) return false;
    strangers_->credit = 0;
    some_of_strangers_.store(1, std::memory_order_seq_cst);  // [call]
  }
  ++strangers_->credit;
  static_cast<void>(strangers_->append(what));
  if (strangers_->hand.written() == strangers_->room) enqueue_strangers(periods);
  return true;
}

void garbage::close_strangers(grace_periods& periods) noexcept {
  const std::lock_guard hold(lock_);
  enqueue_strangers(periods);
}

void garbage::enqueue_strangers(grace_periods& periods) noexcept {
  collect();  // what was closed before comes before
  segment* const s = std::exchange(strangers_, nullptr);
  some_of_strangers_.store(0, std::memory_order_relaxed);  // under the lock
  if (s == nullptr) return;
  static_cast<void>(s->hand.close());
  s->end = s->hand.written();
  s->target = periods.ask();
  enqueue(s);
}

// --- The way out ---------------------------------------------------------------------------------------------------

void garbage::link_running(segment* s) noexcept {
  s->prior = nullptr;
  s->next = running_;
  if (running_ != nullptr) running_->prior = s;
  running_ = s;
}

void garbage::unlink_running(segment* s) noexcept {
  (s->prior == nullptr ? running_ : s->prior->next) = s->next;
  if (s->next != nullptr) s->next->prior = s->prior;
  s->next = nullptr;
}

segment* garbage::next_ready(grace_periods& periods) noexcept {
  const std::lock_guard hold(lock_);
  collect();
  segment* const s = waiting_.first;
  if (s == nullptr || !periods.has_ended(s->target)) return nullptr;
  waiting_.pop();
  s->runner = this_thread();
  link_running(s);
  return s;
}

bool garbage::done(segment* s, grace_periods& periods) noexcept {
  const std::lock_guard hold(lock_);
  unlink_running(s);
  if (!s->borrowed) {
    recycle(s);
    return false;
  }
  s->borrowed = false;
  if (s->hand.release()) return false;  // its owner goes on with it
  // Its owner has closed it meanwhile, and may wait for it by now: the rest keeps its place.
  s->end = s->hand.seen();
  if (s->first.load(std::memory_order_relaxed) == s->end) {  // ours
    recycle(s);
    return false;
  }
  s->target = periods.ask();
  waiting_.add_again(s);
  return true;
}

void garbage::put_back(segment* s) noexcept {
  const std::lock_guard hold(lock_);
  unlink_running(s);
  waiting_.add_again(s);
}

bool garbage::start_links(grace_periods& periods) noexcept {
  const std::lock_guard hold(lock_);
  collect_links(periods);
  if (links_runner_ != nullptr || links_waiting_ == nullptr || !periods.has_ended(links_target_)) return false;
  links_runner_ = this_thread();
  links_left_ = std::exchange(links_waiting_, nullptr);
  return true;
}

link* garbage::next_link() noexcept {
  const std::lock_guard hold(lock_);
  link* const l = links_left_;
  if (l == nullptr) {
    links_runner_ = nullptr;
  } else {
    links_left_ = l->next;  // before it is run: a child after fork() does not repeat it
  }
  return l;
}

void garbage::collect_links(grace_periods& periods) noexcept {
  if (links_waiting_ != nullptr) return;
  links_waiting_ = links_.take();
  if (links_waiting_ != nullptr) links_target_ = periods.ask();
}

period garbage::next_target(grace_periods& periods) noexcept {
  const std::lock_guard hold(lock_);
  collect();
  collect_links(periods);
  if (waiting_.first != nullptr) return waiting_.first->target;
  return links_waiting_ != nullptr ? links_target_ : 0;
}

std::uint64_t garbage::last_serial() noexcept {
  const std::lock_guard hold(lock_);
  collect();
  return serial_;
}

// What the calling thread itself runs is not counted: it is in a deleter that ends the process.
bool garbage::is_done(std::uint64_t serial) noexcept {
  const std::lock_guard hold(lock_);
  if (links_runner_ != this_thread() &&
      (links_runner_ != nullptr || links_waiting_ != nullptr || links_.newest() != nullptr)) {
    return false;
  }
  for (const segment* s = running_; s != nullptr; s = s->next) {
    if (s->serial <= serial && s->runner != this_thread()) return false;
  }
  return waiting_.first == nullptr || waiting_.first->serial > serial;
}

bool garbage::empty() noexcept { return is_done(last_serial()); }

bool garbage::nothing_waits() noexcept {
  // [idle] Seq_cst, all three: see doorbell::sleep().
  if (!pushed_.empty() || !links_.empty() || some_of_strangers_.load(std::memory_order_seq_cst) != 0) return false;
  const std::lock_guard hold(lock_);
  return waiting_.first == nullptr && links_waiting_ == nullptr;
}

// --- fork(), and the end --------------------------------------------------------------------------------------------

void garbage::in_child(const segment* own) noexcept {
  waiting.store(0, std::memory_order_relaxed);  // one thread, here and below
  collect();
  // What other threads were running goes back to its place; the deleter that each of them was in is not called again.
  for (segment* s = running_; s != nullptr;) {
    segment* const next = s->next;
    if (s->runner != this_thread()) {
      unlink_running(s);
      waiting_.add_again(s);
    }
    s = next;
  }
  if (links_runner_ != this_thread()) {
    if (links_left_ != nullptr) {
      link** end = &links_left_;
      while (*end != nullptr) end = &(*end)->next;
      *end = std::exchange(links_waiting_, std::exchange(links_left_, nullptr));
    }
    links_runner_ = nullptr;
  }
  recount(own);
}

// What threads had been counted for that are gone is not: only what is here.
void garbage::recount(const segment* own) noexcept {
  std::size_t all = own != nullptr && !own->borrowed ? own->credit : 0;
  for (const segment* list : {waiting_.first, running_}) {
    for (; list != nullptr; list = list->next) all += list->credit;
  }
  if (strangers_ != nullptr) all += strangers_->credit;
  const link* const lists[] = {links_.newest(), links_waiting_, links_left_};
  for (const link* l : lists) {
    for (; l != nullptr; l = l->next) ++all;
  }
  if (links_runner_ != nullptr) ++all;          // the one that our own thread is in
  held_.store(all, std::memory_order_relaxed);  // one thread
}

void garbage::adopt_in_child(record& lost, grace_periods& periods) noexcept {
  collect();                                                        // what was closed before comes before
  segment* const open = lost.open.load(std::memory_order_relaxed);  // one thread, here and below
  lost.open.store(nullptr, std::memory_order_relaxed);
  lost.closing.store(nullptr, std::memory_order_relaxed);  // it was waiting for the fork: see [forking]
  if (open == nullptr) return;
  static_cast<void>(open->hand.close());
  if (open->borrowed) return;  // it is here, and done() finds it closed
  open->end = open->hand.written();
  open->target = periods.ask();
  enqueue(open);
}

void garbage::destroy() noexcept {
  while (spare_ != nullptr) segment::destroy(std::exchange(spare_, spare_->next));
  spares_ = 0;
}

}  // namespace weir::rcu::detail
