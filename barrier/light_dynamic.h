// light() and heavy() where the strategy is chosen when the program starts: the default form.
//
// Internal; included by barrier.h.
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/form.h"
#include "weir/barrier/mutation.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

// On a line of its own: it is written once, and read by every light().
struct alignas(port::line) light_choice {
  // 0: light() is a seq_cst fence. This is the initial state, so that light() is safe before any constructor has run.
  // 1: light() is a compiler barrier. Written once, after the process is registered with the kernel.
  weir::atomic<std::uint8_t> weak{0};
};
WEIR_ONCE_PER_PROCESS extern constinit light_choice the_light;

}  // namespace per_form

// The fast side. Pairs with heavy(), and with nothing else: not with light(), not with full(), not with a seq_cst
// operation of another thread.
//
// Cost: with an asymmetric strategy one load of a constant byte and a predicted branch; the processor executes no
// fence. With the strategy fence: a seq_cst fence. It is a compiler barrier always.
// Thread-safe: yes. Signal-safe: yes. May be called at any time, also before the first constructor and after the last
// destructor. Blocks, fails, allocates: never. Source: P1202, asymmetric_thread_fence_light.
WEIR_INLINE void light() noexcept {
  // [light] Relaxed: nothing follows from the byte but the choice itself. If it reads 1, the process was registered
  // before the 1 was stored ([weaken]), and every heavy() of the process, whenever it runs, is the kernel's barrier
  // (heavy() finishes the choice before it does anything): the pair is light/heavy. If it reads 0 it is a full fence,
  // which pairs with any heavy(). Pairs with [heavy] in combine.h.
  if (per_form::the_light.weak.load(std::memory_order_relaxed) != 0) [[likely]] {
    std::atomic_signal_fence(std::memory_order_seq_cst);
  } else if (!mutation::removed<"light-fence">()) {
    weir::atomic_thread_fence(std::memory_order_seq_cst);
  }
}

namespace per_form {

// light() of a thread that knows the strategy to be none of fences: nothing is tested. For the rooms.
WEIR_INLINE void light_if_asymmetric() noexcept { std::atomic_signal_fence(std::memory_order_seq_cst); }

}  // namespace per_form

// The slow side: a full barrier in the caller, and one in every other thread of the process at some moment between call
// and return. Pairs with light(), full(), heavy() and seq_cst fences.
//
// Cost: a system call that interrupts every CPU on which a thread of this process runs (./run bench tells what that is
// here); concurrent callers share: N callers cost at most two system calls. With the strategy fence: a seq_cst fence.
// Thread-safe: yes. Signal-safe: no (it may wait for a concurrent caller). Blocks: while a concurrent call is in
// progress. Fails: never; if the kernel refuses what it had granted, one line is printed and the process aborts.
// In a child after fork() it works at once. Source: P1202, asymmetric_thread_fence_heavy; membarrier(2).
void heavy() noexcept;

}  // namespace WEIR_FORM
}  // namespace weir::barrier
