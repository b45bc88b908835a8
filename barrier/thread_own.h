// What a thread knows of itself: its number, and how far its end has come. Internal to thread.cc and the system's file,
// which keeps it: a thread_local is not everywhere there until the thread's very end.
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

// The calling thread's, or null: it may have none before its first arm_thread_end(). Signal-safe: yes.
[[nodiscard]] own_state* own() noexcept;

}  // namespace weir::barrier::detail
