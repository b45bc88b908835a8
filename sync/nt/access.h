// Access rights, and what the generic ones mean for each type of object. Values: Windows SDK, winnt.h. Internal.
#pragma once

#include <cstdint>

#include "weir/barrier/port.h"
#include "weir/sync/nt/handle_slot.h"

namespace weir::nt::detail::access {

// Standard rights.
inline constexpr access_mask remove = 0x0001'0000;  // DELETE
inline constexpr access_mask read_control = 0x0002'0000;
inline constexpr access_mask required = 0x000F'0000;  // STANDARD_RIGHTS_REQUIRED
inline constexpr access_mask synchronize = 0x0010'0000;

// Of the caller's wish only.
inline constexpr access_mask maximum_allowed = 0x0200'0000;
inline constexpr access_mask generic_all = 0x1000'0000;
inline constexpr access_mask generic_execute = 0x2000'0000;
inline constexpr access_mask generic_write = 0x4000'0000;
inline constexpr access_mask generic_read = 0x8000'0000;

// Specific rights. Of events, semaphores, mutants and timers:
inline constexpr access_mask query_state = 1;
inline constexpr access_mask modify_state = 2;  // not of mutants
// Of keyed events:
inline constexpr access_mask keyed_wait = 1;
inline constexpr access_mask keyed_wake = 2;
// Of threads:
inline constexpr access_mask thread_alert = 0x0004;
inline constexpr access_mask thread_set_context = 0x0010;
inline constexpr access_mask thread_query_information = 0x0040;
inline constexpr access_mask thread_set_information = 0x0020;
inline constexpr access_mask thread_set_limited_information = 0x0400;
inline constexpr access_mask thread_query_limited_information = 0x0800;
// Of processes:
inline constexpr access_mask process_query_information = 0x0400;
inline constexpr access_mask process_query_limited_information = 0x1000;

struct mapping {
  access_mask read;
  access_mask write;
  access_mask execute;
  access_mask all;
};

[[nodiscard]] constexpr mapping mapping_of(type t) noexcept {
  switch (t) {
    case type::mutant:
      return {read_control | query_state, read_control, read_control | synchronize, required | synchronize | 1};
    case type::keyed_event: return {read_control | keyed_wait, read_control | keyed_wake, read_control, required | 3};
    case type::thread:
      return {read_control | 0x0048, read_control | 0x0437, read_control | synchronize | 0x0800,
              required | synchronize | 0xFFFF};
    case type::process:
      return {read_control | 0x0410, read_control | 0x0BEA, read_control | synchronize | 0x1001,
              required | synchronize | 0xFFFF};
    default:
      return {read_control | query_state, read_control | modify_state, read_control | synchronize,
              required | synchronize | 3};
  }
}

// Rights that come with others. Windows documents, "Thread Security and Access Rights", and of processes.
[[nodiscard]] constexpr access_mask with_implied(type t, access_mask g) noexcept {
  const auto implies = [&](access_mask right, access_mask other) noexcept {
    if ((g & right) != 0) g |= other;
  };
  if (t == type::thread) {
    implies(thread_query_information, thread_query_limited_information);
    implies(thread_set_information, thread_set_limited_information);
  } else if (t == type::process) {
    implies(process_query_information, process_query_limited_information);
  }
  return g;
}

// What a handle may do whose maker asked for `wanted`: there are no owners and no lists of rights in here, so all that
// an object of the type knows of. To wait for it may be asked for of any, but is not among a keyed event's generic
// rights.
[[nodiscard]] constexpr access_mask granted(type t, access_mask wanted) noexcept {
  const mapping m = mapping_of(t);
  access_mask g = wanted;
  if ((wanted & generic_read) != 0) g |= m.read;
  if ((wanted & generic_write) != 0) g |= m.write;
  if ((wanted & generic_execute) != 0) g |= m.execute;
  if ((wanted & (generic_all | maximum_allowed)) != 0) g |= m.all;
  return with_implied(t, g & (m.all | synchronize));
}

}  // namespace weir::nt::detail::access
