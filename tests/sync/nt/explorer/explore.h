// Every interleaving of a program's threads, on the shipped wait engine.
//
// Looked for: an answer that no order of the calls explains; an object that is left signaled with a satisfiable waiter
// in its queue; a wait for all whose objects are all ready and unlocked; a thread that sleeps though it was claimed;
// two threads that wait for each other's locks; a state at the end that the sequential model does not know.
#pragma once

#include <cstdint>
#include <string>

#include "tests/sync/nt/explorer/program.h"

namespace weir::nt::explorer {

struct verdict {
  std::string wrong;         // empty: no interleaving is
  std::uint64_t states = 0;  // that were looked at
  bool complete = true;      // false: there are more than `most`
};

struct bounds {
  std::uint64_t most = 1'500'000;  // states
  bool fine = false;               // see machine
  bool tokens = false;
  unsigned pauses = 0;
};

verdict explore(const program& p, const bounds& b = {});

}  // namespace weir::nt::explorer
