// Property: a table's part of the address space is as large as it may be, leaves most of what there is to the program,
// and is all that is kept.
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <set>

#include "tests/support/catch.h"
#include "weir/sync/nt/region.h"

namespace {

using weir::nt::detail::part;
using weir::nt::detail::piece;
using weir::nt::detail::region;
using weir::nt::detail::reserve_share;

constexpr std::size_t most_of_all = std::numeric_limits<std::size_t>::max();

// As much as a test says. Nothing is behind what it hands out.
struct given {
  static inline std::size_t all = 0;     // what limit() says
  static inline std::size_t left = 0;    // what can still be had
  static inline bool is_lost = false;    // what is given back in part is another's at once
  static inline std::size_t before = 0;  // what was kept, in what was had

  static std::size_t limit() noexcept { return all; }
  static void* take(std::size_t bytes) noexcept {
    if (bytes > left) return nullptr;
    left -= bytes;
    return &all;
  }
  static void* keep(piece of, void* at, std::size_t bytes) noexcept {
    CHECK(of.start == &all);
    before = reinterpret_cast<std::uintptr_t>(at) - reinterpret_cast<std::uintptr_t>(of.start);
    CHECK(before <= of.bytes - bytes);
    left += of.bytes - (is_lost ? 0 : bytes);
    return is_lost ? nullptr : at;
  }
};

// What a table gets that wants `most`.
std::size_t got(std::size_t most, std::size_t all, std::size_t left, unsigned table = 0) {
  given::all = all;
  given::left = left;
  const piece p = reserve_share<given>(most, table);
  CHECK((p.start != nullptr) == (p.bytes != 0));
  CHECK(given::left == left - p.bytes);
  return p.bytes;
}

TEST_CASE("all of it, where there is plenty") {
  CHECK(got(std::size_t{1} << 27, most_of_all, most_of_all) == std::size_t{1} << 27);
  CHECK(got(std::size_t{1} << 20, most_of_all, std::size_t{1} << 22) == std::size_t{1} << 20);
}

TEST_CASE("a sixteenth of what the process may have") {
  CHECK(got(std::size_t{1} << 30, std::size_t{1} << 30, std::size_t{1} << 30) == std::size_t{1} << 26);
  CHECK(got(std::size_t{1} << 30, (std::size_t{1} << 30) - 1, std::size_t{1} << 29) == std::size_t{1} << 25);
}

TEST_CASE("a quarter of what is left") {
  CHECK(got(std::size_t{1} << 30, most_of_all, std::size_t{1} << 24) == std::size_t{1} << 22);
  CHECK(got(std::size_t{1} << 30, most_of_all, (std::size_t{1} << 24) - 1) == std::size_t{1} << 21);
}

TEST_CASE("next to nothing is none") {
  CHECK(got(std::size_t{1} << 30, most_of_all, part::of_rest * part::least) == part::least);
  CHECK(got(std::size_t{1} << 30, most_of_all, part::of_rest * part::least - 1) == 0);
  CHECK(got(std::size_t{1} << 30, part::of_all * part::least, most_of_all) == part::least);
  CHECK(got(std::size_t{1} << 30, part::of_all * part::least - 1, most_of_all) == 0);
  CHECK(got(std::size_t{1} << 30, 0, 0) == 0);
}

TEST_CASE("however much there is: neither more than is right, nor less") {
  std::mt19937_64 random(1);
  // Of all magnitudes alike.
  const auto some = [&] {
    const std::uint64_t bits = random();
    return static_cast<std::size_t>(bits >> random() % 64);
  };
  for (int i = 0; i < 10'000; ++i) {
    const std::size_t most = std::bit_floor(std::clamp<std::size_t>(some(), part::least, std::size_t{1} << 31));
    const std::size_t all = some();
    const std::size_t left = std::min(all, some());
    const std::size_t bytes = got(most, all, left, static_cast<unsigned>(i));
    INFO(most << " of " << all << ", of which there are " << left);
    CHECK((bytes <= most && bytes <= all / part::of_all && bytes <= left / part::of_rest));
    const std::size_t more = bytes == 0 ? part::least : 2 * bytes;
    CHECK((more > most || more > all / part::of_all || more > left / part::of_rest));
  }
}

TEST_CASE("tables that are used together begin in different places") {
  std::set<std::size_t> places;
  for (unsigned table = 0; table < part::places; ++table) {
    got(std::size_t{1} << 27, most_of_all, most_of_all, table);
    CHECK(places.insert(given::before % (std::size_t{2} << 20)).second);
  }
}

TEST_CASE("another one may take what is given back in part") {
  given::is_lost = true;
  CHECK(got(std::size_t{1} << 30, most_of_all, most_of_all) == 0);
  given::is_lost = false;
}

TEST_CASE("the system's: it is there, with nothing in it until that is asked for") {
  const piece p = region::reserve(std::size_t{1} << 30);
  REQUIRE(p.start != nullptr);
  REQUIRE(std::has_single_bit(p.bytes));
  char* const last = static_cast<char*>(p.start) + p.bytes - region::page();
  REQUIRE(region::back(last, region::page()));
  CHECK(std::all_of(last, last + region::page(), [](char c) { return c == 0; }));
  last[region::page() - 1] = 1;
  region::release(p);
}

}  // namespace
