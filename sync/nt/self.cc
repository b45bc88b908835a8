#include "weir/sync/nt/self.h"

#include <new>

#include "weir/barrier/thread.h"
#include "weir/sync/nt/signal.h"

namespace weir::nt::detail {

constinit thread_local native_record* own_record WEIR_TLS_FAST = nullptr;

namespace {

namespace thread = barrier::thread;

static_assert(thread::limit < word::owner_limit);

// By the number: a thread_local is not everywhere there until the thread's end.
native_record* record_of_thread(thread::index i) noexcept {
  return i != thread::none ? own_segment().find_record(number_of(i)) : nullptr;
}

void left(thread::index i) noexcept {
  own_record = nullptr;
  if (native_record* const r = record_of_thread(i); r != nullptr) abandon_all(own_segment(), *r);
}

void before_fork() noexcept { own_segment().lock_for_fork(); }
void in_parent() noexcept { own_segment().unlock_after_fork(); }
// What the thread owns are its parent's objects, which may be locked for ever here. Itself as an object: room.cc.
void in_child(thread::index i) noexcept {
  own_segment().become_child();
  own_segment().unlock_after_fork();
  if (native_record* const r = record_of_thread(i); r != nullptr) r->owned = 0;
}

// Whatever it was in the middle of belongs to objects that the child does not use.
void lost_in_child(thread::index i) noexcept {
  native_record* const r = record_of_thread(i);
  if (r != nullptr) new (r) native_record;
}

constinit thread::room room{
    .level = 2,
    .left = &left,
    .before_fork = &before_fork,
    .in_parent = &in_parent,
    .in_child = &in_child,
    .lost_in_child = &lost_in_child,
};

}  // namespace

void enter_room() noexcept {
  static constinit weir::atomic<bool> entered{false};
  // Relaxed: to enter is once for all, whoever comes and how often.
  if (entered.load(std::memory_order_relaxed)) return;
  thread::enter_once(room);
  entered.store(true, std::memory_order_relaxed);
}

native_record* find_own_record() noexcept { return record_of_thread(thread::self_if_any()); }

native_record* enter_thread() noexcept {
  enter_room();
  const thread::index i = thread::self();
  if (i == thread::none) return nullptr;
  return own_record = own_segment().make_record(number_of(i));
}

}  // namespace weir::nt::detail
