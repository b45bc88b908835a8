// weir::atomic<T>: std::atomic<T>, or the model checker's in a build for it.
//
// Every lock-free algorithm of the library is written on these names, so that the model checker runs the shipped
// headers and not a copy of them. Of std::atomic's interface the model has load, store, exchange,
// compare_exchange_{weak,strong}, fetch_{add,sub,or,and}, wait and notify_{one,all}; always with a named order.
#pragma once

#if defined(WEIR_BARRIER_MODEL)
#include "weir/barrier/atomic_model.h"
#else

#include <atomic>

#include "weir/barrier/port.h"
#if !WEIR_ATOMIC_WAIT_IS_SOUND
#include "weir/barrier/atomic_windows.h"
#endif

namespace weir {

#if WEIR_ATOMIC_WAIT_IS_SOUND
template <class T>
using atomic = std::atomic<T>;
#endif

inline void atomic_thread_fence(std::memory_order order) noexcept { std::atomic_thread_fence(order); }

}  // namespace weir
#endif
