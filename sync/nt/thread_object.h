// A thread, as an object: signaled at its end, with a number of its own, APCs and alerts. Internal.
//
// While it runs it has a handle of its own, as it were: the entry of its number.
// Every thread has one, from its first use of one on: those of NtCreateThreadEx and all others.
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/port.h"
#include "weir/barrier/thread.h"
#include "weir/barrier/word_mutex.h"
#include "weir/sync/nt/apc.h"
#include "weir/sync/nt/body.h"
#include "weir/sync/nt/handles.h"
#include "weir/sync/nt/segment.h"

namespace weir::nt::detail {

class timer_object;

// Its cell is a manual event.
class thread_object : public body {
 public:
  static constexpr std::int32_t running = 0x103;  // STATUS_PENDING

  // Null: out of memory. Its number is taken as long as there is the object, and leads to it from show() to end().
  [[nodiscard]] static thread_object* make() noexcept;
  void show() noexcept;
  // By the thread, at its end: with its mutants abandoned already. Or by who could not start it.
  void end() noexcept;

  [[nodiscard]] handle_value id() const noexcept { return id_; }
  [[nodiscard]] entry as_entry() const noexcept;

  // Auto events. Apcs: signaled while there is an APC or an alert, and who waits alertably waits for it too. Alert: by
  // number. Met: whatever else the thread blocks for.
  [[nodiscard]] native_cell& apcs_cell() const noexcept { return *apcs_; }
  [[nodiscard]] native_cell& alert_cell() const noexcept { return *alert_; }
  [[nodiscard]] native_cell& met_cell() const noexcept { return *met_; }

  apc_queue apcs;

  timer_object* timers = nullptr;  // that have an APC for the thread. Under the timers' lock
  bool has_set_timers = false;     // such, ever: the thread's own

  // What ends the thread, or `running`. [exit-status] Release, acquire: as its object's signal; for who merely asks.
  void set_exit_status(std::int32_t s) noexcept { status_ = s; }  // by the thread; shown by end()
  [[nodiscard]] std::int32_t exit_status() const noexcept {
    return shown_status_.load(std::memory_order_acquire);  // [exit-status]
  }

 private:
  thread_object(native_cell& c, handle_value id) noexcept;
  static void destroy(body* b) noexcept;
  [[nodiscard]] bool make_cells() noexcept;
  static constexpr functions own_functions{nullptr, &destroy};

  handle_value id_;
  native_cell* apcs_ = nullptr;
  native_cell* alert_ = nullptr;
  native_cell* met_ = nullptr;
  std::int32_t status_ = 0;
  weir::atomic<std::int32_t> shown_status_{running};
};

// The calling thread's, made if need be. Null: out of memory, or the thread is past its end.
extern constinit thread_local thread_object* own_thread_object WEIR_TLS_FAST;
[[nodiscard]] WEIR_COLD thread_object* make_own_thread() noexcept;
[[nodiscard]] WEIR_INLINE thread_object* own_thread() noexcept {
  thread_object* const t = own_thread_object;
  return t != nullptr ? t : make_own_thread();
}

// Makes `t` the calling thread's, which has none: the begin of a thread that was made for it. False: out of memory.
[[nodiscard]] bool become(thread_object& t) noexcept;

// The thread with this number, in the caller's section; null: there is none.
[[nodiscard]] thread_object* find_thread(const section&, handle_value id) noexcept;
[[nodiscard]] inline thread_object& thread_of_entry(entry e) noexcept {
  return static_cast<thread_object&>(body_of(e.number()));
}

// What the room of handles (room.h) asks for. At the thread's end, by its number.
void end_thread(barrier::thread::index i) noexcept;
// Around fork(): the forking thread's queue of APCs; the table of numbers.
void lock_own_queue_for_fork() noexcept;
void unlock_own_queue_after_fork() noexcept;
void lock_numbers_for_fork() noexcept;
void unlock_numbers_after_fork() noexcept;
// In the child, with its locks given back: the thread, and the process, have no object yet. Those of the parent may be
// locked for ever.
void forget_threads_of_parent(barrier::thread::index i) noexcept;

// The object of this process: never signaled. Null: out of memory. It has one reference that is never given back.
[[nodiscard]] native_cell* own_process() noexcept;

}  // namespace weir::nt::detail
