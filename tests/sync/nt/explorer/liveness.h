// Which states are the same: those that differ in dead pieces of stacks only. Internal to explore.cc.
//
// A stack holds much that nobody will read any more: registers that are saved for a caller which does not need them,
// variables after their last use. To tell states apart by it is right, and makes some sixty times as many of them.
//
// What is alive is found out: after each step of a thread that was inside of an operation (of those from one place to
// another, after some only, where that was thousands of times in vain in this search) the step is done again, some
// times, from the same state, with other values in some of the pieces of its stack that are dead as far as is known:
// values that were found there before. If the thread then does anything else, or stops with anything else in what is
// alive there, it is known better; and the search has to begin again, as it has to where a value was found that was not
// there to be tried. So in a search that counts, none of these steps has been seen to depend on what is left out of the
// states.
//
// It is no proof: a value that was found there may make a difference where it was not tried. The tests compare what
// whole stacks lead to.
#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "tests/sync/nt/explorer/explore.h"
#include "tests/sync/nt/explorer/place.h"
#include "tests/sync/nt/explorer/states.h"
#include "tests/sync/nt/explorer/visited.h"

namespace weir::nt::explorer {

class liveness {
 public:
  // 64 bits of everything that the future depends on. The stack of a thread between operations is always the same.
  std::uint64_t hash_of_now(stacks_by by);

  // Before a step, and after it.
  void is_to_step(unsigned t);
  // What thread t has just done, and would do again if `before` were put back.
  struct step {
    const snapshot& before;
    unsigned t;
    void (*again)(unsigned choice);
    unsigned choice;
  };
  void check(const step& s);

  // `trials`: how often each step is done again. What is known stays known.
  void begin(unsigned trials) {
    trials_ = trials;
    learned_ = false;
    ++since_;
  }
  // Something has been found to be alive, or was found that has to be tried, since begin().
  [[nodiscard]] bool has_learned() const { return learned_; }
  // A step was another one when it was done again, as it was: nothing that is found counts.
  [[nodiscard]] bool is_unsteady() const { return unsteady_; }

 private:
  void note(unsigned t);
  // Other values in pieces of a stack.
  using others = std::vector<std::pair<std::uint16_t, piece>>;
  void draw(const step& s);
  bool is_tried_again();
  void try_others(const step& s);
  // Whether they make a difference to the step.
  bool differs(const step& s, const others& o);
  [[nodiscard]] bool is_as_after(unsigned t);

  known_places places_;
  visited stacks_;  // that were noted
  snapshot after_;
  place* from_ = nullptr;      // where the step began; null: outside of the operation
  const place* to_ = nullptr;  // where the step has led; null: out of the operation
  std::mt19937_64 engine_;
  others drawn_;
  unsigned trials_ = 0;
  static constexpr std::uint32_t often = 2000;
  static constexpr std::uint32_t seldom = 32;
  std::uint64_t since_ = 0;  // another number for each search
  bool learned_ = false;
  bool unsteady_ = false;
};

// While there is one, a step that is tried with other values may follow them to where there is nothing, or for ever.
class faults {
 public:
  faults();
  ~faults();
  faults(const faults&) = delete;
  faults& operator=(const faults&) = delete;
};

}  // namespace weir::nt::explorer
