// A short sleep that another thread can end. Internal. One file per system: nap_<system>.cc.
#pragma once

#include <chrono>
#include <cstdint>

#include "weir/barrier/atomic.h"

namespace weir::rcu::detail {

// Sleeps until wake_all() of the same word, for `at_most`, or not at all if the word is not `expected` any more. May
// return early. Signal-safe: yes.
void nap(weir::atomic<std::uint32_t>& word, std::uint32_t expected, std::chrono::nanoseconds at_most) noexcept;

// Ends the naps on this word. Where the system cannot, they end by themselves. Signal-safe: yes.
void wake_all(weir::atomic<std::uint32_t>& word) noexcept;

}  // namespace weir::rcu::detail
