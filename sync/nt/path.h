// What a name's path says: in which directory, and what. Internal; see names.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/sync/nt/status.h"

namespace weir::nt::detail {

struct path {
  std::uint8_t directory = 0;  // 0: the root; 1: \BaseNamedObjects; 2: a session's, whose number is in the text
  std::u16string_view text{};  // of a session's object from behind "\Sessions\"
  std::uint32_t hash = 0;      // the same for upper and lower case
};

// The upper case of a letter, as far as names.h says.
[[nodiscard]] constexpr char16_t upper(char16_t c) noexcept {
  if (c < 0x80) return c >= u'a' && c <= u'z' ? static_cast<char16_t>(c - 0x20) : c;
  if ((c >= 0xE0 && c <= 0xFE && c != 0xF7) || (c >= 0x3B1 && c <= 0x3C9 && c != 0x3C2) || (c >= 0x430 && c <= 0x44F)) {
    return static_cast<char16_t>(c - 0x20);
  }
  if (c >= 0x450 && c <= 0x45F) return static_cast<char16_t>(c - 0x50);
  return c == 0xFF ? u'\x178' : c;
}

// object_path_syntax_bad: it does not begin with a backslash. object_name_invalid: an empty part.
// object_path_not_found: there is no such directory. `whole` lives as long as the result is used.
[[nodiscard]] status parse(std::u16string_view whole, path& to) noexcept;

}  // namespace weir::nt::detail
