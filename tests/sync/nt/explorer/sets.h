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
    std::printf("%s: %llu programs, %llu states, %llu programs not to their end\n", name,
                static_cast<unsigned long long>(programs), static_cast<unsigned long long>(states),
                static_cast<unsigned long long>(cut));
  }
};

struct shape {
  unsigned threads;
  unsigned objects;
  unsigned operations;  // of a thread, at most
  int level;
};

inline std::string text_of(const shape& of) {
  return std::to_string(of.threads) + " threads, " + std::to_string(of.objects) + " objects, up to " +
         std::to_string(of.operations) + " operations";
}

}  // namespace weir::nt::explorer
