// What the engine promises, watched while threads run freely: each detector is a load, and an oracle that sees one
// promise broken. They find nothing in the engine as it is; detect.cc shows that each of them would.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace weir::nt::test {

struct found {
  std::uint64_t rounds = 0;  // of whatever the detector repeats
  std::uint64_t violations = 0;
};

// How a process ends whose threads do not come back.
inline constexpr int exit_stuck = 3;

// When to stop: after so many rounds; or, `until_found`, at the first violation, but after `most` at the latest.
struct effort {
  std::uint64_t rounds;
  bool until_found = false;
  std::chrono::seconds most = std::chrono::seconds(100);  // where another process has the processors, it takes time
};

// Nobody ever sees that of a wait for all one object is taken and another one not.
found half_takes(const effort& e);
// A wait for all that does not get everything touches nothing: an object that only such waits want is always there.
found phantoms(const effort& e);
// A pulse reaches each thread that waits, once; of an auto event one of them; and nobody who queries sees a signal.
found pulses(const effort& e);
// Whoever waits comes through in the order of arrival, and nobody overtakes.
found order(const effort& e);
// A wait whose time is up found its objects unsignaled at that moment.
found lost_wakes(const effort& e);
// Where a release and a wait's end meet, the token is the wait's, or is still there.
found late(const effort& e);
// What is released is taken once: no token is lost, none is doubled, and a mutant has one owner.
found tokens(const effort& e);
// 1,000 threads blocked on 100 objects at once, for any and for all of some, and again when they are through; all come
// through in the end, and every token is accounted for.
found thousand(const effort& e);

struct detector {
  std::string_view name;
  found (*run)(const effort&);
  std::uint64_t rounds;  // in every run
};
inline constexpr std::array detectors{
    detector{"half_takes", half_takes, 2'000'000},
    detector{"phantoms", phantoms, 2'000'000},
    detector{"pulses", pulses, 3'000},
    detector{"order", order, 300},
    detector{"lost_wakes", lost_wakes, 60},
    detector{"late", late, 20'000},
    detector{"tokens", tokens, 15'000},
    detector{"thousand", thousand, 1},
};

}  // namespace weir::nt::test
