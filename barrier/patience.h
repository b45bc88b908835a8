// How long a strategy repeats a call that the system refuses for want of memory. Internal.
#pragma once

#include <chrono>
#include <thread>

namespace weir::barrier::detail {

// One such refusal in a thousand calls is bad luck; so many in a row, with a pause after each, is a system that will
// not recover: about ten seconds.
inline constexpr int patience = 10'000;

inline void pause_for_memory() noexcept { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }

}  // namespace weir::barrier::detail
