// The threads of this process, as every room needs them: a small number for each, told when a thread ends or the
// process forks.
//
// Internal to Weir's rooms; users never register a thread by hand. A thread gets its number at first use and gives it
// back when it ends; numbers are dense (the smallest free one is given), so that a room can keep a record per thread in
// an array and scan it. When not to use it: for data that is not scanned by others a plain thread_local is simpler.
//
// Example: a room that keeps one word per thread (tests/barrier/thread_test.cc has it whole)
//
//     void left(index i) noexcept { words[i].store(0, std::memory_order_release); }
//     constinit room mine{.level = 1, .left = &left};     // static storage, attached once
//     enter(mine);
//     index i = self();                                    // this thread's number; none: out of memory
//     for (index i = 0; i < bound(); ++i) look(words[i]);  // every thread that could matter, see bound()
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/form.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace thread {

using index = std::uint32_t;

inline constexpr index none = ~index{0};

// Numbers are smaller than this. Linux has at most 4,194,304 threads (PID_MAX_LIMIT).
inline constexpr index limit = index{1} << 22;

// What a room is told. Every function may be null. Static storage; never detached.
//
// `level` orders the rooms: the barrier's strategies -1, barrier 0, rcu and hazard 1, sync 2. A higher room may call
// into a lower one from its functions, never the other way round.
struct room {
  int level = 0;

  // A thread gives up its number: on that thread, after the destructors of its thread_local objects (but see
  // thread_windows.cc), with no lock of the registry held; higher levels first. The number is given to nobody else
  // before this has returned. The function may retire, synchronize and take the room's locks. It is called again for
  // the same number if a room has called self() meanwhile (a deleter that reads, say); so it goes by its argument, and
  // leaves the record as new each time.
  void (*left)(index) noexcept = nullptr;

  // Around fork(), on the forking thread. `before`: higher levels first; take the room's locks, so that the child finds
  // its data whole. `in_parent`, `in_child`: lower levels first; release them. The argument of in_child is the number
  // of the only thread that is left, or none. `before` and `in_parent` alone, without a fork between them, when another
  // room has entered in the middle of it; the fork is then begun anew.
  void (*before_fork)() noexcept = nullptr;
  void (*in_parent)() noexcept = nullptr;
  void (*in_child)(index) noexcept = nullptr;

  // In the child, before in_child: a thread of the parent that does not exist here had this number, which is free after
  // the call. It may have been anywhere, also inside `left`.
  void (*lost_in_child)(index) noexcept = nullptr;
};

inline constexpr int max_rooms = 16;

// Makes `r` known. Of threads that have a number already it is told too. Entering a room twice, or more than max_rooms,
// is refused by an assertion. Thread-safe: yes. Signal-safe: no.
void enter(room& r) noexcept;

// The same, but a room that has entered already stays as it is: for rooms that enter at their first use, in whatever
// thread that is. Once it has returned, no fork() that begins later goes past the room.
void enter_once(room& r) noexcept;

// This thread's number. Registers the thread if need be: then it takes a lock and may allocate; else it is a call and a
// load, or two.
// none: memory has run out, or the thread is past its last destructor, or `limit` threads exist; the caller must have a
// way to do without. After a registration every store of the thread's own future is visible to a scan, see bound().
// Thread-safe: yes. Signal-safe: only in a thread that has a number, and where thread_emulated.cc is used not at its
// end.
[[nodiscard]] index self() noexcept;

// The same, but does not register: none if the thread has no number. Signal-safe: yes.
[[nodiscard]] index self_if_any() noexcept;

// Whether the calling thread is on its way out: a room that has been told so must not remember anything of it again.
// Signal-safe: yes.
[[nodiscard]] bool is_leaving() noexcept;

// Every number in use is smaller than this. A scan `heavy(); for i in [0, bound())` misses no thread that matters: a
// thread whose number is not below what bound() returned registered later than the heavy() before it, and sees all that
// was written before that ([thread-register], README.md).
[[nodiscard]] index bound() noexcept;

}  // namespace thread
}  // namespace WEIR_FORM
}  // namespace weir::barrier
