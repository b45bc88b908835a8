// What the threads of an exploration do, and which programs there are.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/sync/nt/explorer/machine.h"
#include "tests/sync/nt/model.h"

namespace weir::nt::explorer {

using test::what;

enum class verb : std::uint8_t {
  set,
  reset,
  pulse,
  release,
  release_mutant,
  query,
  wait_any,
  wait_all,
  end,   // the thread's: its mutants are abandoned
  drop,  // the object's only reference
  see,   // waits until thread `objects[0]` is blocked: no operation of the engine's, but an order of operations
};

struct operation {
  verb does;
  std::uint8_t count = 0;  // of objects
  std::array<std::uint8_t, most_objects> objects{};
  timeout::kind time = timeout::kind::never;
  std::uint8_t many = 0;                // of release
  std::uint8_t alert = test::no_alert;  // an object

  bool operator==(const operation&) const = default;
};

inline operation on(verb v, std::uint8_t object, std::uint8_t many = 0) { return {v, 1, {object}, {}, many}; }
inline operation wait_for(verb v, std::vector<int> objects, timeout::kind time = timeout::kind::never,
                          std::uint8_t alert = test::no_alert) {
  operation o{v, static_cast<std::uint8_t>(objects.size()), {}, time, 0, alert};
  for (std::size_t i = 0; i < objects.size(); ++i) o.objects[i] = static_cast<std::uint8_t>(objects[i]);
  return o;
}
inline operation see_blocked(std::uint8_t thread) { return {verb::see, 1, {thread}}; }

struct program {
  std::array<what, most_objects> kinds{};
  // Event: signaled. Semaphore: the count. Mutant: 0, or its owner's number + 1.
  std::array<std::uint8_t, most_objects> first{};
  unsigned objects = 2;
  std::vector<std::vector<operation>> threads;
  // 0: each thread does its operations one after the other. Else up to so many, each one any of its operations: all
  // programs of that length at once. `any_number`: of any length.
  unsigned any = 0;
};

inline constexpr unsigned any_number = 1000;
inline constexpr std::uint32_t most_recursion = 3;  // of a mutant, in programs of any length

inline constexpr std::uint32_t semaphore_limit = 3;

std::string text_of(const operation& o);
std::string text_of(const program& p);

// How many programs of at least one operation for each thread it stands for, where they have an end.
std::uint64_t number_of(const program& p);

// The operations that there are on objects of these kinds.
//     0  a few, the most telling ones
//     1  and more waits with a time, and alerts
//     2  and polls and queries
std::vector<operation> alphabet(const program& p, int level);

}  // namespace weir::nt::explorer
