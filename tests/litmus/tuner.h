// Finds when the writer must start, relative to the reader, for the most violations.
//
// Pure: what it measures with is the caller's, so its test feeds it synthetic profiles.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace litmus {

struct tuned {
  std::int64_t phase = 0;   // the middle of the range in which the score is at least half the best
  std::int64_t jitter = 0;  // half that range's width: draw from phase - jitter to phase + jitter
  double score = 0;         // the best, smoothed; 0: nothing was found, and the range covers everything that was tried
};

namespace detail {

// Each point averaged with its neighbours, so that one lucky point among noise does not win.
inline std::vector<double> smooth(const std::vector<double>& raw) {
  std::vector<double> out(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const double left = i > 0 ? raw[i - 1] : raw[i];
    const double right = i + 1 < raw.size() ? raw[i + 1] : raw[i];
    out[i] = (left + 2 * raw[i] + right) / 4;
  }
  return out;
}

template <class Score>
tuned scan(std::int64_t low, std::int64_t high, std::int64_t step, Score& score) {
  std::vector<double> raw;
  for (std::int64_t p = low; p <= high; p += step) raw.push_back(score(p));
  const std::vector<double> v = smooth(raw);
  const auto best = static_cast<std::size_t>(std::max_element(v.begin(), v.end()) - v.begin());
  if (v[best] <= 0) return {(low + high) / 2, (high - low) / 2, 0};
  std::size_t left = best;
  std::size_t right = best;
  while (left > 0 && v[left - 1] >= v[best] / 2) --left;
  while (right + 1 < v.size() && v[right + 1] >= v[best] / 2) ++right;
  const std::int64_t from = low + step * static_cast<std::int64_t>(left);
  const std::int64_t to = low + step * static_cast<std::int64_t>(right);
  return {(from + to) / 2, std::max(step / 2, (to - from) / 2), v[best]};
}

}  // namespace detail

// `score(phase)` is how often it happened there; a coarse scan from low to high, then a fine one around what it found.
// Requires low < high and step > 0.
template <class Score>
[[nodiscard]] tuned tune(std::int64_t low, std::int64_t high, std::int64_t step, Score score) {
  const tuned coarse = detail::scan(low, high, step, score);
  if (coarse.score <= 0) return coarse;
  const std::int64_t margin = coarse.jitter + step;
  return detail::scan(coarse.phase - margin, coarse.phase + margin, std::max<std::int64_t>(margin / 16, 1), score);
}

}  // namespace litmus
