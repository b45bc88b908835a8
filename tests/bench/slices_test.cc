// Which slices of a sample count, on slices made up for it.
#include <cstdint>
#include <vector>

#include "bench/support/slices.h"
#include "tests/support/catch.h"

namespace {

constexpr std::uint64_t millisecond = 1'000'000;

// Slices of a millisecond with a call of 10 us; while the second thread is away, a call takes 0.5 us.
bench_slice unbroken() { return {millisecond, millisecond, 100}; }
bench_slice broken() { return {millisecond, millisecond / 2, 1050}; }

bench_unbroken keep(const std::vector<bench_slice>& slices) {
  return bench_keep_unbroken(slices.data(), static_cast<int>(slices.size()));
}

}  // namespace

TEST_CASE("a sample without a break is kept as a whole") {
  const bench_unbroken kept = keep(std::vector<bench_slice>(20, unbroken()));
  CHECK(kept.part == Approx(1));
  CHECK(kept.ns == Approx(10'000));
}

TEST_CASE("slices with a break do not change the figure, wherever they are") {
  for (std::size_t place = 0; place < 20; ++place) {
    std::vector<bench_slice> slices(20, unbroken());
    slices[place] = broken();
    const bench_unbroken kept = keep(slices);
    CHECK(kept.part == Approx(0.95));
    CHECK(kept.ns == Approx(10'000));
  }
}

TEST_CASE("clocks that are read a little apart make no break") {
  std::vector<bench_slice> slices(20, unbroken());
  slices[3].company -= 3'000;
  slices[4].company += 3'000;
  CHECK(keep(slices).part == Approx(1));
}

TEST_CASE("where a kernel does not count interrupts as the thread's time, less than all of it is unbroken") {
  std::vector<bench_slice> slices(20, {millisecond, millisecond * 8 / 10, 100});
  CHECK(keep(slices).part == Approx(1));
  slices[7].company = millisecond * 7 / 10;
  CHECK(keep(slices).part == Approx(0.95));
}

TEST_CASE("a second thread that was away most of the time leaves nothing") {
  std::vector<bench_slice> slices(20, {millisecond, 0, 2000});
  for (std::size_t i = 0; i < 9; ++i) slices[i] = unbroken();
  const bench_unbroken kept = keep(slices);
  CHECK(kept.part == 0);
  CHECK(kept.ns == Approx(20e6 / (9 * 100 + 11 * 2000)));
}

TEST_CASE("a slice without an operation is time all the same") {
  std::vector<bench_slice> slices(4, unbroken());
  slices[2].operations = 0;
  CHECK(keep(slices).ns == Approx(4e6 / 300));
}

TEST_CASE("a single slice is a sample") { CHECK(keep({unbroken()}).part == Approx(1)); }
