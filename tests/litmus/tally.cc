#include "tests/litmus/tally.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace litmus {
namespace {

constexpr std::string_view mark = "litmus-row";
constexpr std::array<std::string_view, 3> expected_names = {"caught", "clean", "control"};

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  for (;;) {
    const std::size_t end = line.find('|');
    fields.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

template <class Number>
bool parse(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

// libc++ 17 has no from_chars() of these.
bool parse(std::string_view text, double& out) {
  const std::string copy(text);
  char* end = nullptr;
  out = std::strtod(copy.c_str(), &end);
  return !copy.empty() && std::isspace(static_cast<unsigned char>(copy[0])) == 0 && *end == 0;
}

bool parse(const std::string_view* fields, counts& out) {
  return parse(fields[0], out.iterations) && parse(fields[1], out.overlapped) && parse(fields[2], out.violations);
}

std::string text_of(const counts& c) {
  return std::to_string(c.iterations) + '|' + std::to_string(c.overlapped) + '|' + std::to_string(c.violations);
}

}  // namespace

std::string_view name(expected e) noexcept { return expected_names[static_cast<std::size_t>(e)]; }

std::string encode(const row& r) {
  std::string line(mark);
  line += '|' + r.pair + '|' + r.held + '|' + std::string(name(r.expect)) + '|' + text_of(r.found) + '|';
  line += std::to_string(r.seconds) + '|' + std::to_string(r.phase_ns) + '|' + std::to_string(r.jitter_ns) + '|';
  return line + text_of(r.witness);
}

std::optional<row> decode(std::string_view line) {
  const std::vector<std::string_view> f = split(line);
  if (f.size() != 13 || f[0] != mark) return std::nullopt;
  row r;
  r.pair = f[1];
  r.held = f[2];
  const auto expect = std::find(expected_names.begin(), expected_names.end(), f[3]);
  if (expect == expected_names.end()) return std::nullopt;
  r.expect = static_cast<expected>(expect - expected_names.begin());
  const bool good = parse(&f[4], r.found) && parse(f[7], r.seconds) && parse(f[8], r.phase_ns) &&
                    parse(f[9], r.jitter_ns) && parse(&f[10], r.witness);
  return good ? std::optional(r) : std::nullopt;
}

verdict judge(std::span<const row> rows_of_pair) {
  bool seen = false;
  for (const row& r : rows_of_pair) {
    switch (r.expect) {
      case expected::control: seen = true; break;
      case expected::caught: seen = seen || r.found.violations >= enough_violations; break;
      case expected::clean:
        if (r.found.violations != 0) return verdict::violated;
        seen = seen || (r.witness.violations >= enough_violations && r.found.overlapped >= enough_overlapped);
        break;
    }
  }
  return seen ? verdict::as_expected : verdict::blind;
}

summary judge_all(std::span<const row> rows) {
  summary s;
  for (auto begin = rows.begin(); begin != rows.end();) {  // the rows of a pair stand together
    const auto end = std::find_if(begin, rows.end(), [&](const row& r) { return r.pair != begin->pair; });
    const verdict v = judge(std::span(begin, end));
    if (v == verdict::violated) s.violated.push_back(begin->pair);
    if (v == verdict::blind) s.blind.push_back(begin->pair);
    begin = end;
  }
  return s;
}

bool has_asymmetric(std::span<const row> rows) {
  constexpr std::string_view heavy = "light / heavy (";
  return std::any_of(rows.begin(), rows.end(), [&](const row& r) {
    const std::string_view pair = r.pair;
    if (!pair.starts_with(heavy)) return false;
    const std::string_view strategy = pair.substr(heavy.size());
    const bool over_a_shim = strategy.find(": ") != std::string_view::npos;
    return !strategy.starts_with("fence") && !strategy.starts_with("shared") && !over_a_shim;
  });
}

bool refused_strategy(bool aborted, std::string_view errors) {
  return aborted && errors.starts_with("weir: ") && errors.find("cannot be had here") != std::string_view::npos;
}

exit_code exit_code_of(const summary& s, bool complete) noexcept {
  if (!s.violated.empty()) return violation;
  return s.blind.empty() && complete ? good : inconclusive;
}

}  // namespace litmus
