// Timers: events that are signaled at a moment, once or again and again, and tell a thread by an APC. Internal.
//
// One thread of Weir's own serves all timers of the process; it is started with the first one that is set. A relative
// time is measured by the monotonic clock, an absolute one follows the wall clock.
#pragma once

#include <cstdint>

#include "weir/sync/nt/apc.h"
#include "weir/sync/nt/body.h"
#include "weir/sync/nt/status.h"
#include "weir/sync/nt/timer_heap.h"
#include "weir/sync/park/deadline.h"
#include "weir/sync/park/timeout.h"

namespace weir::nt::detail {

class thread_object;

using timer_routine = void (*)(void* context, std::uint32_t time_low, std::int32_t time_high);

struct timer_setting {
  park::timeout due;
  std::int32_t period;    // milliseconds; 0: once
  timer_routine routine;  // null: none
  void* context;
  thread_object* thread;  // whose APC it is; null if there is none
};

// Its cell is an event. Everything here under one lock for all timers. A timer that is set has a reference to itself.
class timer_object : public body, private timer_link {
 public:
  // Null: out of memory. With the reference to the cell.
  [[nodiscard]] static body* make(native_cell& c) noexcept;

  // Returns the state before. no_memory: there is no thread to serve it; nothing has changed.
  [[nodiscard]] status set(const timer_setting& s, bool& previous) noexcept;
  // Returns the state, which it keeps.
  [[nodiscard]] bool cancel() noexcept;
  struct state {
    std::int64_t remaining;  // ticks
    bool signaled;
  };
  [[nodiscard]] state query() noexcept;

 private:
  friend struct timer_service;

  explicit timer_object(native_cell& c) noexcept;
  static void closed(body& b) noexcept;
  static void destroy(body* b) noexcept;
  static void run_apc(const apc& a) noexcept;
  static void release_apc(apc& a) noexcept;
  static constexpr functions own_functions{&closed, &destroy};

  // The thread's queue refers to it while it is there.
  struct own_apc : apc {
    timer_object* of;
  };
  own_apc apc_;
  // With a reference; and the list of those whose APCs are this thread's.
  thread_object* thread_ = nullptr;
  timer_object* next_ = nullptr;
  timer_object* prior_ = nullptr;
  bool has_had_thread_ = false;
  park::deadline due_;
  std::int32_t period_ = 0;
};

// The thread has ended: those that it has set with an APC are cancelled, and keep their state.
void cancel_timers_of(thread_object& t) noexcept;

void lock_timers_for_fork() noexcept;
void unlock_timers_after_fork() noexcept;
void forget_timers_of_parent() noexcept;  // in a child: all that are set, and the thread that serves them

}  // namespace weir::nt::detail
