// A table that grows, on the shipped header: whoever finds a number there finds its place made. Each ordering is
// weakened in turn.
#include <algorithm>
#include <cstddef>

#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/sync/nt/growing.h"

namespace {

using weir::model::how;
using weir::model::result;
using weir::model::search;
using weir::model::search_mutated;
using weir::nt::detail::growing;
using weir::nt::detail::number;
using weir::nt::detail::piece;

constexpr number limit = 64;
constexpr std::size_t step = 16u << 10;  // bytes: one place

rl::var<unsigned>* contents;  // of each place, told apart by Relacy

struct alignas(step) place {
  place() noexcept;
};

alignas(step) std::byte memory[limit * step];

place::place() noexcept { contents[(reinterpret_cast<std::byte*>(this) - memory) / std::ptrdiff_t{step}]($) = 100; }

struct given {
  static piece reserve(std::size_t bytes) noexcept { return {memory, bytes}; }
  static bool back(void*, std::size_t) noexcept { return true; }
  static void release(piece) noexcept {}
  static std::size_t page() noexcept { return step; }
};

// Each thread but the last looks; the last one makes.
template <unsigned Lookers>
struct looking_while_it_grows : rl::test_suite<looking_while_it_grows<Lookers>, Lookers + 1> {
  static constexpr number numbers = 3;

  growing<place, limit, given> table;
  rl::var<unsigned> made[numbers + 1];

  void before() {
    contents = made;
    for (auto& m : made) m($) = 0;
  }
  void thread(unsigned self) {
    if (self == Lookers) {
      for (number n = 0; n < numbers; ++n) RL_ASSERT(table.make(n));
      return;
    }
    for (number n = numbers; n-- > 0;) {
      if (!table.has(n)) continue;
      const auto at = static_cast<std::size_t>(&table.at(n) - reinterpret_cast<place*>(memory));
      RL_ASSERT(at == n);
      RL_ASSERT(static_cast<unsigned>(made[n]($)) == 100);
    }
  }
};

constexpr unsigned long schedules = 20'000;

TEST_CASE("a number that is found has been made") {
  const result r = search<looking_while_it_grows<2>>(how::random, schedules);
  INFO(r.complaint);
  CHECK(r.clean);
}

TEST_CASE("each weakened ordering is noticed") {
  for (const char* site : {"grown-made", "grown-found"}) {
    INFO(site);
    CHECK_FALSE(search_mutated<looking_while_it_grows<1>>(site, how::random, 10 * schedules).clean);
  }
}

}  // namespace
