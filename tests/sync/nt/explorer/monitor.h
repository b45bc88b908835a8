// Whether what the threads were told so far could have come of one call after the other: an exact answer, kept up to
// date. It holds every state of the sequential model that agrees with the history; the history is right while there is
// one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "tests/sync/nt/explorer/program.h"
#include "tests/sync/nt/model.h"

namespace weir::nt::explorer {

using world = test::model<most_objects, most_threads>;

// What an operation told its thread, in one number.
using told = std::uint64_t;

class monitor {
 public:
  // A set of states, by a number; `none`: no state is left.
  using number = std::uint32_t;
  static constexpr number none = ~number{0};

  // Forgets all.
  void clear();
  // Of the program's beginning.
  number begin(const program& p);

  // The states themselves, in 64 bits.
  [[nodiscard]] std::uint64_t hash_of(number n) const { return hashes_[n]; }

  // `at`: which operation each thread is in or comes to.
  using places = std::array<std::uint8_t, most_threads>;
  number called(number n, unsigned thread);
  number returned(number n, unsigned thread, told what, const places& at);
  number seen_blocked(number n, unsigned thread, const places& at);

  // Whether one of the states is such that the threads in `blocked` wait, all others are between operations, and
  // `agrees` with the objects.
  template <class Agrees>
  [[nodiscard]] bool ends(number n, const std::array<bool, most_threads>& blocked, const places& at, Agrees agrees) {
    for (const state& s : closure(sets_[n], at)) {
      bool fits = true;
      for (unsigned t = 0; t < threads_; ++t) fits = fits && s.where[t] == (blocked[t] ? in::waits : in::nothing);
      if (fits && agrees(s.world)) return true;
    }
    return false;
  }

 private:
  // Where a thread is in its operation.
  enum class in : std::uint8_t { nothing, called, waits, done };
  struct state {
    explorer::world world;
    std::array<in, most_threads> where;
    std::array<std::uint32_t, 1 + most_threads % 2> spare;
    std::array<told, most_threads> results;
    friend bool operator<(const state& a, const state& b) { return std::memcmp(&a, &b, sizeof a) < 0; }
    friend bool operator==(const state& a, const state& b) { return std::memcmp(&a, &b, sizeof a) == 0; }
  };
  using states = std::vector<state>;

  number intern(states s);
  // With whatever operations, of those that are called, have happened by now.
  states closure(const states& from, const places& at) const;
  void happen(state& s, unsigned thread, const operation& o) const;
  void collect(state& s) const;

  const program* program_ = nullptr;
  unsigned threads_ = 0;
  std::vector<states> sets_;
  std::vector<std::uint64_t> hashes_;  // of each
  std::map<states, number> numbers_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, number> memory_;
};

// What a call of the engine, or of the model, amounts to.
constexpr told told_by(status s, std::int32_t value = 0) noexcept {
  return static_cast<told>(static_cast<std::uint32_t>(s)) << 32 | static_cast<std::uint32_t>(value);
}

}  // namespace weir::nt::explorer
