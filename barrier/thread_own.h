// What a thread knows of itself: its number, and how far its end has come. Internal to thread.cc and the system's file.
//
// A thread_local where that is there until the thread's very end; elsewhere (GCC's for Windows is memory that is freed
// before the destructors of thread_local objects run) the system's file keeps it.
#pragma once

#include <cstdint>

#include "weir/barrier/port.h"

namespace weir::barrier::detail {

struct own_state {
  std::uint32_t number = ~std::uint32_t{0};  // thread::none
  bool leaving = false;                      // inside this_thread_ends()
  bool again = false;                        // self() was called since
  int rounds = 0;                            // calls of this_thread_ends() so far: one in each since the first number
};

#if WEIR_TLS_LASTS
inline constinit thread_local own_state the_own WEIR_TLS_FAST;
WEIR_INLINE own_state* own() noexcept { return &the_own; }
#else
// The calling thread's, or null: it has none before its first arm_thread_end(). Signal-safe: yes.
[[nodiscard]] own_state* own() noexcept;
#endif

}  // namespace weir::barrier::detail
