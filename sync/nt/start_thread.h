// Starts threads that nobody joins. Internal. One file per system: start_thread_<system>.cc.
//
// No std::thread: its constructor throws where there is no thread to be had, which this library is compiled without.
#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::nt::detail {

enum class signals : bool { inherited, blocked };

// Runs run(argument) on a new thread. `stack`: bytes, as the system rounds them; 0: as it comes. False: the system has
// no thread, or no memory.
[[nodiscard]] bool start_thread(void (*run)(void*) noexcept, void* argument, std::size_t stack, signals s) noexcept;

// This process, as the system numbers it.
[[nodiscard]] std::uint32_t own_process_id() noexcept;

}  // namespace weir::nt::detail
