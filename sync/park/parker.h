// What a back end owes: it brings one thread to sleep on a word, and wakes it.
//
// The word belongs to the caller's algorithm, which decides by it alone what has happened; a parker is only told. So
// whatever a parker does wrongly early (a wake for nothing) costs a look at the word, and what it must never do is to
// be late. A parker is an object of one thread, its owner, and lies in that thread's record: memory that stays a record
// for as long as anybody may call unpark().
//
// When not to use it: below sync there is std::atomic::wait; a parker is for deadlines, and for one sleep that stands
// for many objects.
//
// Example: one wait, and who ends it (tests/sync/park/example_test.cc has it whole)
//
//     constexpr std::uint32_t pending = 1, done = 2, timed_out = 3, parked = 8;
//
//     bool wait(record& r, const deadline& until) {                 // its word is `pending`
//       if (!r.parker.prepare()) return false;                       // r.parker.failure() says why
//       std::uint32_t now = pending;
//       if (!r.word.compare_exchange_strong(now, pending | parked, std::memory_order_release, ...acquire)) {
//         r.parker.finish(false);                                    // done before it could sleep
//         return true;
//       }
//       now = pending | parked;
//       while (now == (pending | parked)) {
//         if (r.parker.park(r.word, now, until)) {
//           now = r.word.load(std::memory_order_acquire);
//         } else if (r.word.compare_exchange_strong(now, timed_out, ...acquire, ...acquire)) {
//           r.parker.finish(false);
//           return false;
//         }
//       }
//       r.parker.finish(true);
//       return true;
//     }
//
//     void wake(record& r) {                                         // if several may, one of them makes the change
//       if ((r.word.exchange(done, std::memory_order_acq_rel) & parked) != 0) r.parker.unpark(r.word);
//     }
#pragma once

#include <concepts>
#include <cstdint>
#include <system_error>
#include <type_traits>

#include "weir/barrier/atomic.h"
#include "weir/sync/park/deadline.h"

namespace weir::park {

// prepare()   By the owner, at the beginning of a wait and before the word says that a wake is needed (below: PARKED).
//             false: the system has no means to be woken by at this time, failure() says why, nothing has changed and
//             nothing is to be finished: the wait is refused, or goes by looking at the word.
// park()      By the owner, after prepare() and with PARKED in the word: sleeps while the word is `expected`, until
//             unpark(), the deadline, or for no reason at all. false: the deadline has passed, by its own clock. true:
//             anything else: look at the word, and park again if nothing has changed. Blocks.
// unpark()    By another thread, after it has changed the word from a value with PARKED: exactly once for each such
//             change, which only one thread makes. The owner may be gone from the wait by then, and in the next:
//             nothing is touched but the parker and the address of the word. Does not block for longer than a lock of a
//             few instructions is held. Signal-safe: no.
// finish()    By the owner, at the end of each wait that prepare() has begun. `unparked`: another thread has changed
//             the word while PARKED was in it; then that thread has called unpark() or is about to, and finish() waits
//             for this (microseconds, unless that thread is kept from running), so that nothing of this wait is left
//             over. Not if the owner itself has taken PARKED out.
//
// Order: the change of the word that puts PARKED in is a release, and the change by which another takes it out an
// acquire at least: what prepare() has set up is seen by unpark(). What else the word means is the caller's; a parker
// reads it relaxed and orders nothing by it.
//
// fork(): in the child, the parkers of threads that it does not have are made anew (by placement new, without a
// destructor) before they are used again. That of the forking thread is as it was.
template <class P>
concept parker = std::is_nothrow_default_constructible_v<P> &&
    requires(P p, const P& c, weir::atomic<std::uint32_t>& word, std::uint32_t expected, const deadline& until,
             bool unparked) {
  { p.prepare() }
  noexcept->std::same_as<bool>;
  { p.park(word, expected, until) }
  noexcept->std::same_as<bool>;
  { p.unpark(word) }
  noexcept->std::same_as<void>;
  { p.finish(unparked) }
  noexcept->std::same_as<void>;
  { c.failure() }
  noexcept->std::same_as<std::error_code>;
  { P::name } -> std::convertible_to<const char*>;
};

}  // namespace weir::park
