#include "weir/sync/nt/apc.h"

#include <mutex>
#include <utility>

#include "weir/sync/nt/signal.h"

namespace weir::nt::detail {

apc_queue::added apc_queue::add(apc& a, std::uintptr_t second, std::uintptr_t third, native_cell& event,
                                native_cell* first) noexcept {
  const std::lock_guard hold(lock_);
  if (first != nullptr) set_event(own_segment(), *first);
  if (over_) return added::never;
  if (a.queued) return added::before;
  a.arguments[1] = second;
  a.arguments[2] = third;
  a.next = nullptr;
  a.queued = true;
  if (last_ != nullptr) {
    last_->next = &a;
  } else {
    first_ = &a;
  }
  last_ = &a;
  set_event(own_segment(), event);
  return added::now;
}

bool apc_queue::remove(apc& a, native_cell& event) noexcept {
  const std::lock_guard hold(lock_);
  if (!a.queued) return false;
  apc* before = nullptr;
  for (apc* i = first_; i != &a; i = i->next) before = i;
  if (before != nullptr) {
    before->next = a.next;
  } else {
    first_ = a.next;
  }
  if (last_ == &a) last_ = before;
  a.queued = false;
  // Should the thread have taken the event just now, it finds an empty queue: see deliver().
  if (first_ == nullptr && !alerted_) reset_event(own_segment(), event);
  return true;
}

void apc_queue::alert(native_cell& event) noexcept {
  const std::lock_guard hold(lock_);
  if (over_) return;
  alerted_ = true;
  set_event(own_segment(), event);
}

bool apc_queue::take_alert(native_cell& event) noexcept {
  const std::lock_guard hold(lock_);
  if (!std::exchange(alerted_, false)) return false;
  if (first_ != nullptr) {
    set_event(own_segment(), event);
  } else {
    reset_event(own_segment(), event);
  }
  return true;
}

apc* apc_queue::take_first() noexcept {
  apc* const a = first_;
  if (a == nullptr) return nullptr;
  first_ = a->next;
  if (first_ == nullptr) last_ = nullptr;
  a->queued = false;
  return a;
}

// Also what is queued meanwhile. The thread may wait alertably in one of them: the wait that we are in has taken the
// event, so it is set again as long as there are others, and that one finds them.
void apc_queue::run_all(native_cell& event) noexcept {
  for (;;) {
    lock_.lock();
    apc* const a = take_first();
    if (a == nullptr) {
      if (!alerted_) reset_event(own_segment(), event);
      return lock_.unlock();
    }
    if (first_ != nullptr) set_event(own_segment(), event);
    const apc copy = *a;  // it may be queued again as soon as we have unlocked
    lock_.unlock();
    a->release(*a);
    copy.run(copy);
  }
}

// Where an APC was taken back after the event had been taken, the wait has been ended by one that does not run: as on
// NT, where a wait that was about to deliver one tells so all the same.
status apc_queue::deliver(native_cell& event) noexcept {
  if (take_alert(event)) return status::alerted;
  run_all(event);
  return status::user_apc;
}

status apc_queue::test(native_cell& event) noexcept {
  if (take_alert(event)) return status::alerted;
  run_all(event);
  return status::success;
}

void apc_queue::put_back(native_cell& event) noexcept {
  const std::lock_guard hold(lock_);
  if (alerted_ || first_ != nullptr) set_event(own_segment(), event);
}

void apc_queue::close() noexcept {
  for (;;) {
    lock_.lock();
    over_ = true;
    apc* const a = take_first();
    lock_.unlock();
    if (a == nullptr) return;
    a->release(*a);
  }
}

}  // namespace weir::nt::detail
