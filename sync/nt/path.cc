#include "weir/sync/nt/path.h"

#include <algorithm>

namespace weir::nt::detail {
namespace {

// The directories' own names are the same in upper and lower case, as everywhere in NT where nobody says otherwise.
bool is(std::u16string_view part, std::u16string_view upper_case) noexcept {
  return std::equal(part.begin(), part.end(), upper_case.begin(), upper_case.end(),
                    [](char16_t a, char16_t b) { return upper(a) == b; });
}

// Takes the first part off; what is left begins behind the backslash. False: there is only one part.
bool split(std::u16string_view& rest, std::u16string_view& first) noexcept {
  const std::size_t at = rest.find(u'\\');
  if (at == std::u16string_view::npos) return false;
  first = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return true;
}

bool is_number(std::u16string_view s) noexcept {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char16_t c) { return c >= u'0' && c <= u'9'; });
}

std::uint32_t hash(const path& p) noexcept {
  std::uint32_t h = 2166136261u ^ p.directory;  // FNV-1a, by units
  for (const char16_t c : p.text) h = (h ^ upper(c)) * 16777619u;
  return h ^ h >> 15;
}

// Behind "\BaseNamedObjects\".
status in_base(std::u16string_view rest) noexcept {
  if (rest.empty()) return status::object_name_invalid;
  return rest.find(u'\\') == std::u16string_view::npos ? status::success : status::object_path_not_found;
}

status find_directory(std::u16string_view rest, path& to) noexcept {
  std::u16string_view part;
  std::u16string_view behind = rest;
  if (!split(behind, part)) {
    to.text = rest;
    return rest.empty() ? status::object_name_invalid : status::success;
  }
  if (is(part, u"BASENAMEDOBJECTS")) {
    to.directory = 1;
    rest = behind;
    if (split(behind, part) && (is(part, u"GLOBAL") || is(part, u"LOCAL"))) rest = behind;
    to.text = rest;
    return in_base(rest);
  }
  if (!is(part, u"SESSIONS")) return status::object_path_not_found;
  to.directory = 2;
  to.text = behind;
  if (!split(behind, part) || !is_number(part)) return status::object_path_not_found;
  if (!split(behind, part) || !is(part, u"BASENAMEDOBJECTS")) return status::object_path_not_found;
  return in_base(behind);
}

}  // namespace

status parse(std::u16string_view whole, path& to) noexcept {
  to = {};
  if (whole.empty() || whole.front() != u'\\') return status::object_path_syntax_bad;
  if (whole.find(u"\\\\") != std::u16string_view::npos) return status::object_name_invalid;
  const status s = find_directory(whole.substr(1), to);
  to.hash = hash(to);
  return s;
}

}  // namespace weir::nt::detail
