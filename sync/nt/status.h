// NT's status values, as far as objects and waits give them.
//
// A wait that ends says which of its objects ended it, whether a mutant was abandoned, or that time was up: these are
// values, no errors. Values: Windows SDK, ntstatus.h; [MS-ERREF] section 2.3.
#pragma once

#include <cstdint>

namespace weir::nt {

// A LONG: errors are negative.
enum class status : std::int32_t {
  success = 0,
  wait_0 = 0,                   // + index of the object, up to wait_63
  abandoned_wait_0 = 0x80,      // + index, up to abandoned_wait_63; of a wait for all: whichever mutant it was
  user_apc = 0xC0,              // an APC has run, or will
  alerted = 0x101,              // the thread was alerted
  timeout = 0x102,              // time is up, and nothing was taken
  object_name_exists = 0x40000000,
  unsuccessful = static_cast<std::int32_t>(0xC0000001),
  info_length_mismatch = static_cast<std::int32_t>(0xC0000004),
  invalid_info_class = static_cast<std::int32_t>(0xC0000003),
  access_violation = static_cast<std::int32_t>(0xC0000005),
  invalid_handle = static_cast<std::int32_t>(0xC0000008),
  invalid_cid = static_cast<std::int32_t>(0xC000000B),
  invalid_parameter = static_cast<std::int32_t>(0xC000000D),
  no_memory = static_cast<std::int32_t>(0xC0000017),
  access_denied = static_cast<std::int32_t>(0xC0000022),
  object_type_mismatch = static_cast<std::int32_t>(0xC0000024),
  invalid_parameter_mix = static_cast<std::int32_t>(0xC0000030),
  object_name_invalid = static_cast<std::int32_t>(0xC0000033),
  object_name_not_found = static_cast<std::int32_t>(0xC0000034),
  object_name_collision = static_cast<std::int32_t>(0xC0000035),
  object_path_not_found = static_cast<std::int32_t>(0xC000003A),
  object_path_syntax_bad = static_cast<std::int32_t>(0xC000003B),
  mutant_not_owned = static_cast<std::int32_t>(0xC0000046),
  semaphore_limit_exceeded = static_cast<std::int32_t>(0xC0000047),
  insufficient_resources = static_cast<std::int32_t>(0xC000009A),
  not_supported = static_cast<std::int32_t>(0xC00000BB),
  invalid_parameter_1 = static_cast<std::int32_t>(0xC00000EF),
  invalid_parameter_2 = static_cast<std::int32_t>(0xC00000F0),
  invalid_parameter_3 = static_cast<std::int32_t>(0xC00000F1),
  invalid_parameter_6 = static_cast<std::int32_t>(0xC00000F4),
  mutant_limit_exceeded = static_cast<std::int32_t>(0xC0000191),
  handle_not_closable = static_cast<std::int32_t>(0xC0000235),
};

// Objects in one wait (MAXIMUM_WAIT_OBJECTS).
inline constexpr std::uint32_t maximum_wait_objects = 64;

[[nodiscard]] constexpr bool is_error(status s) noexcept { return static_cast<std::int32_t>(s) < 0; }

// A wait for one or any that took object `index`.
[[nodiscard]] constexpr status wait_index(std::uint32_t index, bool abandoned = false) noexcept {
  return static_cast<status>(static_cast<std::int32_t>(index) + (abandoned ? 0x80 : 0));
}

// Whether a wait has got what it waited for.
[[nodiscard]] constexpr bool is_satisfied(status s) noexcept {
  const auto n = static_cast<std::int32_t>(s);
  return n >= 0 && n < 0xC0 && (n & 0x7f) < static_cast<std::int32_t>(maximum_wait_objects);
}

}  // namespace weir::nt
