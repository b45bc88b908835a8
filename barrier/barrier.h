// A process-wide memory barrier: light() costs the fast path nothing, heavy() makes every other thread pay once.
//
// Contract. There is a total order over all barriers of the process. If thread A issues barrier X, thread B issues
// barrier Y, and X comes before Y, then what A knew at X is known to B after Y, provided that one of X and Y is heavy,
// or both are full:
//
//     pairs   light  full  heavy
//     light   no     no    yes
//     full    no     yes   yes
//     heavy   yes    yes   yes
//
// full() is a seq_cst fence, so it also orders with every seq_cst fence and operation of the program, as the C++
// standard has it ([atomics.order], [atomics.fences]); heavy() counts as one too. The contract is that of P1202.
//
// When to use it: many reads of a fast path for each write, and the fast path needs a store before a load (an
// announcement that the writer must see: RCU, hazard pointers, biased locks). When not: as soon as both sides are
// frequent, use full() on both (./run bench tells from how many reads per write the asymmetric pair pays); across
// processes, see shared.h; where acquire and release suffice, no barrier is needed at all.
//
// Example, Dekker's shape (tests/barrier/example_test.cc compiles it):
//
//     reader, often:                            writer, seldom:
//       busy.store(true, relaxed);                gate.store(closed, relaxed);
//       weir::barrier::light();                   weir::barrier::heavy();
//       if (gate.load(relaxed) == open) ...       if (!busy.load(relaxed)) ...
//
// At least one of the two sees the other's store.
#pragma once

#include <string_view>
#include <system_error>

#include "weir/barrier/form.h"
#include "weir/barrier/strategy.h"
#include WEIR_FORM_HEADER  // light() and heavy(), documented in light_dynamic.h

namespace weir::barrier {
inline namespace WEIR_FORM {

// [full] A sequentially consistent fence. Pairs with full(), and with heavy(): [heavy] in combine.h.
// Thread-safe: yes. Signal-safe: yes. Source: [atomics.fences].
WEIR_INLINE void full() noexcept { weir::atomic_thread_fence(std::memory_order_seq_cst); }

#if !defined(WEIR_BARRIER_MODEL)

// The strategy of this process. Makes the choice if nobody has; it is final then.
// Thread-safe: yes. Signal-safe: only once the choice has been made. Blocks: only while another thread makes the
// choice.
[[nodiscard]] strategy active() noexcept;

// In words: the strategy of this process, and why each better one was not chosen. Never null, lives for ever.
// As active() otherwise.
[[nodiscard]] const char* describe() noexcept;

// No error if `wanted` is the strategy of this process; else an error of category() that says what was chosen and why.
// It never changes the choice: use the environment (WEIR_BARRIER=<name>) or the build (the pin) for that.
[[nodiscard]] std::error_code require(strategy wanted) noexcept;

// The category of require()'s errors: value = static_cast<int>(the strategy that was required) + 1.
[[nodiscard]] const std::error_category& category() noexcept;

// How many barriers the operating system has executed for heavy() so far: fewer than the calls of heavy() when
// concurrent callers shared one. Always 0 with the strategy fence. For tests and curiosity.
[[nodiscard]] std::uint64_t system_barriers() noexcept;

#endif

}  // namespace WEIR_FORM
}  // namespace weir::barrier
