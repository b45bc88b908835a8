// Property: what detectors.h says. In every run for a moment; by the tag [long] for minutes.
#include <string>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/detectors.h"

namespace {

using namespace weir::nt::test;

void find_nothing(std::uint64_t times) {
  for (const detector& d : detectors) {
    const auto rounds = static_cast<std::uint64_t>(weir::test::scaled(static_cast<int>(d.rounds)));
    const found f = d.run({.rounds = times * rounds});
    INFO(d.name << ": " << f.rounds << " rounds");
    CHECK(f.violations == 0);
    CHECK(f.rounds == times * rounds);
  }
}

TEST_CASE("14 15 64 65 69 81 82 84: nothing is found while threads run freely") { find_nothing(1); }

TEST_CASE("the same, for long", "[.][long]") { find_nothing(100); }

}  // namespace
