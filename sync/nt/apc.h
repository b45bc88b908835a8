// APCs and alerts of a thread: what others give it to do, or tell it, while it waits alertably. Internal.
//
// One auto event for each thread stands for all of it: it is signaled while there is something, and an alertable wait
// waits for it as well, as the last of its objects. So objects come first, and an APC that did not end a wait stays.
// The event changes under the queue's lock only, but for the wait that takes it, whose thread is the only one to take
// anything out: it never finds nothing.
#pragma once

#include <cstdint>

#include "weir/barrier/word_mutex.h"
#include "weir/sync/nt/segment.h"
#include "weir/sync/nt/status.h"

namespace weir::nt::detail {

// Somebody's, who keeps it while it is queued; it is given back by `release`, before it runs, on the thread that it is
// for.
struct apc {
  void (*run)(const apc& self) noexcept;  // with a copy
  void (*release)(apc& self) noexcept;
  // Below: under the lock of the queue that it is in, and while it is in none its maker's.
  void (*routine)() noexcept = nullptr;  // of whatever type
  std::uintptr_t arguments[3] = {};
  apc* next = nullptr;
  bool queued = false;
};

class apc_queue {
 public:
  enum class added { now, before, never };

  // With its last two arguments. Before: it is there already, as it is. Never: the thread has ended. `event`: the
  // queue's. `first`: null, or an event that is set before the other, whatever the answer.
  [[nodiscard]] added add(apc& a, std::uintptr_t second, std::uintptr_t third, native_cell& event,
                          native_cell* first = nullptr) noexcept;
  // True: it was there, and is the caller's again. False: it was not.
  bool remove(apc& a, native_cell& event) noexcept;
  void alert(native_cell& event) noexcept;

  // By the thread, whose alertable wait has ended by the event: alerted; or user_apc, all of them have run.
  [[nodiscard]] status deliver(native_cell& event) noexcept;
  // By the thread, without a wait. success: there was no alert, and whatever there was has run.
  [[nodiscard]] status test(native_cell& event) noexcept;
  // By the thread, whose wait has taken the event, but has ended by an object: it is there for the next one.
  void put_back(native_cell& event) noexcept;
  // By the thread, before it polls alertably: whoever has set `first` in add() has set the queue's event.
  void settle() noexcept {
    lock_.lock();
    lock_.unlock();
  }
  // By the thread, at its end.
  void close() noexcept;

  // Around its thread's fork(). Forget: in the child, where the thread has another queue, but may be in one of this
  // one's APCs: it finds nothing more in it.
  void lock_for_fork() noexcept { lock_.lock(); }
  void unlock_after_fork() noexcept { lock_.unlock(); }
  void forget() noexcept {
    first_ = last_ = nullptr;
    alerted_ = false;
    over_ = true;
  }

 private:
  void run_all(native_cell& event) noexcept;
  [[nodiscard]] apc* take_first() noexcept;  // under the lock
  [[nodiscard]] bool take_alert(native_cell& event) noexcept;

  weir::detail::word_mutex lock_;  // of what follows, and of the event
  apc* first_ = nullptr;
  apc* last_ = nullptr;
  bool alerted_ = false;
  bool over_ = false;
};

}  // namespace weir::nt::detail
