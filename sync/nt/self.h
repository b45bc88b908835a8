// The calling thread's record in the process's segment. Internal.
#pragma once

#include "weir/barrier/port.h"
#include "weir/barrier/thread.h"
#include "weir/sync/nt/segment.h"

namespace weir::nt::detail {

// Null: it has none yet, or any more.
extern constinit thread_local native_record* own_record WEIR_TLS_FAST;

// In private memory a thread has the record with its own number: both are given to one thread at a time.
[[nodiscard]] inline number number_of(barrier::thread::index i) noexcept { return i + 1; }

// Before the segment is used: what fork() and the ends of threads have to do with it.
void enter_room() noexcept;

// Makes it. Null: out of memory, or the thread is past its end.
[[nodiscard]] WEIR_COLD native_record* enter_thread() noexcept;

// The same, but makes none.
[[nodiscard]] WEIR_COLD native_record* find_own_record() noexcept;
[[nodiscard]] WEIR_INLINE native_record* self_if_any() noexcept {
  native_record* const r = own_record;
  return r != nullptr ? r : find_own_record();
}

// Null: see enter_thread(). A thread's first call registers it: its mutants are abandoned when it ends. A thread of the
// process forked off must not use the objects of its parent.
[[nodiscard]] WEIR_INLINE native_record* self() noexcept {
  native_record* const r = own_record;
  if (r != nullptr) [[likely]] {
    return r;
  }
  return enter_thread();
}

}  // namespace weir::nt::detail
