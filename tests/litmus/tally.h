// What was counted, what it means, and what the program's exit code is. Pure; litmus_test.cc feeds it canned outcomes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace litmus {

// One iteration, after both sides have finished it.
struct outcome {
  bool reader_saw;      // the reader's load saw the writer's store
  bool writer_saw;      // the writer's load saw the reader's store
  bool reader_in_time;  // left its wait within the slack of the planned moment
  bool writer_in_time;
};

struct counts {
  std::uint64_t iterations = 0;
  std::uint64_t overlapped = 0;  // both sides in time
  std::uint64_t violations = 0;  // neither saw the other: what a pair of barriers that orders must exclude

  // A violation counts also when a side was late: ordered is ordered.
  void add(const outcome& o) noexcept {
    ++iterations;
    overlapped += o.reader_in_time && o.writer_in_time;
    violations += !o.reader_saw && !o.writer_saw;
  }
  [[nodiscard]] double rate() const noexcept {
    return iterations == 0 ? 0 : static_cast<double>(violations) / static_cast<double>(iterations);
  }
};

// What the contract says of a pair.
enum class expected : std::uint8_t {
  caught,   // wrong on purpose: a harness worth its name finds violations
  clean,    // ordered: none, ever
  control,  // not ordered, but slow: shown, not judged
};
[[nodiscard]] std::string_view name(expected e) noexcept;

// One measurement: a line of the table.
struct row {
  std::string pair;  // "light / heavy (membarrier)"
  std::string held;  // whose stores were held back: "none", "reader", "writer"
  expected expect = expected::control;
  counts found{};
  double seconds = 0;
  std::int64_t phase_ns = 0;
  std::int64_t jitter_ns = 0;
  counts witness{};  // a wrong pair, measured just before in the same process with the same phase
};

// A row as one line of text, for the process that prints the table; decode() gives nothing for any other line.
[[nodiscard]] std::string encode(const row& r);
[[nodiscard]] std::optional<row> decode(std::string_view line);

// Fewer violations of a wrong pair, or overlapped iterations of a right one, than these show nothing.
inline constexpr std::uint64_t enough_violations = 100;
inline constexpr std::uint64_t enough_overlapped = 10'000;

enum class verdict : std::uint8_t {
  as_expected,
  violated,  // a pair that orders was seen not to
  blind,     // this machine, or this run, would not have noticed
};

// A pair is judged by all its rows: it need be caught, or watched by a witness that is, with one way of holding back.
[[nodiscard]] verdict judge(std::span<const row> rows_of_pair);

struct summary {
  std::vector<std::string> violated;  // pairs
  std::vector<std::string> blind;
};
[[nodiscard]] summary judge_all(std::span<const row> rows);

// Whether light() without a fence and heavy() were measured: what the harness is for. Fences alone need no harness, and
// a machine that refuses everything else must not pass for one where all is well.
[[nodiscard]] bool has_asymmetric(std::span<const row> rows);

// Whether a program that ended like this has refused to start with the strategy asked for, as it should where that
// cannot be had (barrier/choose.h). Any other end is a failure.
[[nodiscard]] bool refused_strategy(bool aborted, std::string_view errors);

enum exit_code : int { good = 0, violation = 1, usage = 2, inconclusive = 3 };

// `complete`: every part of the measurement that can be had here ran, on two CPUs, bound to them.
[[nodiscard]] exit_code exit_code_of(const summary& s, bool complete) noexcept;

}  // namespace litmus
