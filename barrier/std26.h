// The asymmetric fences of P1202 (Concurrency TS 2), by their names there.
//
// When not to use it: new code says weir::barrier::light() and heavy(), which are these with memory_order_seq_cst.
//
// Example (tests/barrier/example_test.cc compiles it):
//
//     busy.store(true, relaxed);                                              // reader, often
//     weir::std26::asymmetric_thread_fence_light(std::memory_order_seq_cst);
//     if (gate.load(relaxed) == open) ...
//
//     gate.store(closed, relaxed);                                            // writer, seldom
//     weir::std26::asymmetric_thread_fence_heavy(std::memory_order_seq_cst);
//     if (!busy.load(relaxed)) ...
#pragma once

#include "weir/barrier/barrier.h"

namespace weir::std26 {

// No effect for memory_order_relaxed; otherwise weir::barrier::light(), which is at least what the other orders ask
// for. Source: P1202.
WEIR_INLINE void asymmetric_thread_fence_light(std::memory_order order) noexcept {
  if (order != std::memory_order_relaxed) barrier::light();
}

// No effect for memory_order_relaxed; otherwise weir::barrier::heavy(), which is at least what the other orders ask
// for. Source: P1202.
inline void asymmetric_thread_fence_heavy(std::memory_order order) noexcept {
  if (order != std::memory_order_relaxed) barrier::heavy();
}

}  // namespace weir::std26
