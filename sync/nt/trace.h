// WEIR_TRACE=nt: each call on stderr, one line, with thread, handles, result and time. Internal.
//
//     nt: 00000004 NtCreateEvent() = 00000000 -> 0x1c in 1.2 us
//     nt: 00000004 NtWaitForSingleObject(0x1c) = 00000102 in 10.1 ms
//
// Off, a call costs one predicted branch more. The environment is read once, at the first call.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/port.h"
#include "weir/sync/nt/handle_table.h"
#include "weir/sync/nt/status.h"

namespace weir::nt::detail::trace {

inline constexpr std::uint8_t off = 0;
inline constexpr std::uint8_t on = 1;
inline constexpr std::uint8_t undecided = 2;
extern constinit weir::atomic<std::uint8_t> state;

using call = status (*)(const void* body) noexcept;

// Runs the body, and tells about it if that is wanted. `made`: null, or where the call, if it succeeds, has put a
// handle.
WEIR_COLD status run(const char* name, const handle_value* handles, std::size_t count, void* const* made, call c,
                     const void* body) noexcept;

[[nodiscard]] WEIR_INLINE bool is_off() noexcept { return state.load(std::memory_order_relaxed) == off; }  // a hint

// Body: status().
template <class Body>
[[nodiscard]] WEIR_COLD status traced(const char* name, const handle_value* handles, std::size_t count,
                                      void* const* made, const Body& body) noexcept {
  return run(
      name, handles, count, made, [](const void* b) noexcept { return (*static_cast<const Body*>(b))(); }, &body);
}

}  // namespace weir::nt::detail::trace
