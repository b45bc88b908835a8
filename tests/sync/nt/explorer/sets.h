// Sets of programs: of what shape, and what came of them.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "tests/sync/nt/explorer/explore.h"

namespace weir::nt::explorer {

struct sum {
  std::uint64_t programs = 0;
  std::uint64_t states = 0;
  std::uint64_t cut = 0;
  std::string wrong;

  template <class Programs>
  bool add(const Programs& p, const bounds& b) {
    const verdict v = explore(p, b);
    ++programs;
    states += v.states;
    cut += v.complete ? 0 : 1;
    if (wrong.empty()) wrong = v.wrong;
    return wrong.empty();
  }
  void print(const char* name) const {
    std::printf("%s: %llu programs, %llu states, %llu sets of them not to their end\n", name,
                static_cast<unsigned long long>(programs), static_cast<unsigned long long>(states),
                static_cast<unsigned long long>(cut));
  }
};

// Whether whole stacks lead to what stacks by what is alive lead to, where nothing is known at first; and whether, by
// their places only, something else comes of it.
struct compared {
  bool same;
  bool places_differ;
};
template <class Programs>
compared compare_by_stacks(const Programs& p, bounds b) {
  forget_stacks();
  b.sum_up = true;
  const verdict alive = explore(p, b);
  b.by = stacks_by::bytes;
  const verdict whole = explore(p, b);
  b.by = stacks_by::place;
  const verdict places = explore(p, b);
  const bool complete = alive.complete && whole.complete && alive.wrong.empty() && whole.wrong.empty();
  return {complete && alive.sum == whole.sum && alive.memories == whole.memories && alive.states <= whole.states,
          places.complete && places.wrong.empty() && places.sum != whole.sum};
}

struct shape {
  unsigned threads;
  unsigned objects;
  unsigned operations;  // of a thread, at most
  int level;
};

inline std::string text_of(const shape& of) {
  return std::to_string(of.threads) + " threads, " + std::to_string(of.objects) + " objects, up to " +
         (of.operations == any_number ? "any number of" : std::to_string(of.operations)) + " operations";
}

}  // namespace weir::nt::explorer
