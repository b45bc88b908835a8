// Every interleaving of a program's threads, on the shipped wait engine.
//
// Looked for: an answer that no order of the calls explains; an object that is left signaled with a satisfiable waiter
// in its queue; a wait for all whose objects are all ready and unlocked; a thread that sleeps though it was claimed;
// two threads that wait for each other's locks; a state at the end that the sequential model does not know.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sync/nt/explorer/program.h"

namespace weir::nt::explorer {

struct verdict {
  std::string wrong;         // empty: no interleaving is
  std::uint64_t states = 0;  // that were looked at
  // How many of them differ in more than the stacks, and what they are in one number; if it was asked for.
  std::uint64_t memories = 0;
  std::uint64_t sum = 0;
  bool complete = true;  // false: there are more than `most`
};

// What of the threads' stacks tells states apart: what is alive (liveness.h); all; wrongly, no more than the place.
enum class stacks_by : std::uint8_t { liveness, bytes, place };

struct bounds {
  std::uint64_t most = 1'500'000;  // states
  bool fine = false;               // see machine
  bool tokens = false;
  unsigned pauses = 0;
  stacks_by by = stacks_by::liveness;
  unsigned trials = 2;
  bool sum_up = false;
};

verdict explore(const program& p, const bounds& b = {});
// What is known of stacks from one search to the next.
void forget_stacks();
// The same for programs that differ in their objects' first values only: a state that one leads to is looked at once.
// Threads that choose have the same choice; which thread is which is not tried then, so with a mutant that one owns at
// first there have to be the others.
verdict explore(const std::vector<program>& each, const bounds& b);

}  // namespace weir::nt::explorer
