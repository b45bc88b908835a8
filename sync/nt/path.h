// What a name's path says: in which directory, and what. Internal; see names.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/sync/nt/status.h"

namespace weir::nt::detail {

struct path {
  static constexpr std::uint32_t root = 0;
  static constexpr std::uint32_t base = 1;     // \BaseNamedObjects
  static constexpr std::uint32_t session = 2;  // + its number: that session's

  std::uint32_t directory = root;
  std::u16string_view text{};  // in it
  std::uint32_t hash = 0;      // the same for upper and lower case
};

// The upper case of a letter, as far as names.h says.
[[nodiscard]] constexpr char16_t upper(char16_t c) noexcept {
  if (c < 0x80) return c >= u'a' && c <= u'z' ? static_cast<char16_t>(c - 0x20) : c;
  if ((c >= 0xE0 && c <= 0xFE && c != 0xF7) || (c >= 0x3B1 && c <= 0x3CB && c != 0x3C2) || (c >= 0x430 && c <= 0x44F)) {
    return static_cast<char16_t>(c - 0x20);
  }
  // Greek vowels with an accent.
  if (c == 0x3AC) return u'\x386';
  if (c >= 0x3AD && c <= 0x3AF) return static_cast<char16_t>(c - 0x25);
  if (c == 0x3CC) return u'\x38C';
  if (c == 0x3CD || c == 0x3CE) return static_cast<char16_t>(c - 0x3F);
  if (c >= 0x450 && c <= 0x45F) return static_cast<char16_t>(c - 0x50);
  return c == 0xFF ? u'\x178' : c;
}

// object_path_syntax_bad: it does not begin with a backslash. object_name_invalid: an empty part.
// object_path_not_found: there is no such directory. `whole` lives as long as the result is used.
[[nodiscard]] status parse(std::u16string_view whole, path& to) noexcept;

}  // namespace weir::nt::detail
