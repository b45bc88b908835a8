#include "weir/sync/nt/path.h"

#include <algorithm>
#include <limits>

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

// A session's, as NT writes it: there are no zeros before it.
bool read_number(std::u16string_view s, std::uint32_t& to) noexcept {
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max() - path::session;
  if (s.empty() || (s.size() > 1 && s.front() == u'0')) return false;
  std::uint64_t n = 0;
  for (const char16_t c : s) {
    if (c < u'0' || c > u'9') return false;
    n = n * 10 + (c - u'0');
    if (n > most) return false;
  }
  to = static_cast<std::uint32_t>(n);
  return true;
}

std::uint32_t hash(const path& p) noexcept {
  std::uint32_t h = 2166136261u ^ p.directory;  // FNV-1a, by units
  for (const char16_t c : p.text) h = (h ^ upper(c)) * 16777619u;
  return h ^ h >> 15;
}

// Behind a directory's own path, through the links that are in it: Global leads to \BaseNamedObjects, Local to the
// directory itself.
status in_base(std::u16string_view rest, std::uint32_t directory, path& to) noexcept {
  std::u16string_view part;
  for (std::u16string_view behind = rest; split(behind, part); rest = behind) {
    if (is(part, u"GLOBAL")) {
      directory = path::base;
    } else if (!is(part, u"LOCAL")) {
      return status::object_path_not_found;
    }
  }
  to.directory = directory;
  to.text = rest;
  return rest.empty() ? status::object_name_invalid : status::success;
}

status find_directory(std::u16string_view rest, path& to) noexcept {
  std::u16string_view part;
  std::u16string_view behind = rest;
  if (!split(behind, part)) {
    to.text = rest;
    return rest.empty() ? status::object_name_invalid : status::success;
  }
  if (is(part, u"BASENAMEDOBJECTS")) return in_base(behind, path::base, to);
  std::uint32_t number = 0;
  if (!is(part, u"SESSIONS") || !split(behind, part) || !read_number(part, number) || !split(behind, part) ||
      !is(part, u"BASENAMEDOBJECTS")) {
    return status::object_path_not_found;
  }
  return in_base(behind, path::session + number, to);
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
