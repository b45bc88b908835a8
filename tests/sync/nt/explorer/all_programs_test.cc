// Property: in every interleaving of every program of a shape, from all first values on, whatever the threads are told
// could have come of one call after the other, no satisfiable waiter is left in a queue, and no thread sleeps whose
// wait is over. Where programs are of any length, a mutant is owned three times at once at most.
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "tests/sync/nt/explorer/explore.h"
#include "tests/sync/nt/explorer/sets.h"

namespace {

using namespace weir::nt::explorer;
using kinds = std::array<what, most_objects>;

// All programs of a shape, from all first values on: signaled or not, a count of one or none, owned by anybody or none.
std::vector<program> all_programs(const shape& of, const kinds& each_kind) {
  program p;
  p.kinds = each_kind;
  p.objects = of.objects;
  p.threads.assign(of.threads, alphabet(p, of.level));
  p.any = of.operations;
  std::vector<program> each{p};
  for (unsigned i = 0; i < of.objects; ++i) {
    const unsigned most = p.kinds[i] == what::mutant ? of.threads : 1;
    const std::size_t before = each.size();
    for (unsigned value = 1; value <= most; ++value) {
      for (std::size_t n = 0; n < before; ++n) {
        program other = each[n];
        other.first[i] = static_cast<std::uint8_t>(value);
        each.push_back(std::move(other));
      }
    }
  }
  return each;
}

// Objects of all kinds, in all combinations.
std::vector<kinds> all_kinds(unsigned objects) {
  constexpr unsigned count = 4;
  unsigned combinations = 1;
  for (unsigned i = 0; i < objects; ++i) combinations *= count;
  std::vector<kinds> each;
  for (unsigned n = 0; n < combinations; ++n) {
    kinds k{};
    for (unsigned i = 0, rest = n; i < objects; ++i, rest /= count) k[i] = static_cast<what>(rest % count);
    each.push_back(k);
  }
  return each;
}

void explore_all(const shape& of, const bounds& b) {
  sum s;
  std::uint64_t programs = 0;
  for (const kinds& k : all_kinds(of.objects)) {
    const std::vector<program> each = all_programs(of, k);
    const std::uint64_t before = s.states;
    forget_stacks();  // what is alive with other kinds need not be here
    if (!s.add(each, b)) break;
    std::printf("  kinds");
    for (unsigned i = 0; i < of.objects; ++i) std::printf(" %d", static_cast<int>(k[i]));
    std::printf(": %llu states\n", static_cast<unsigned long long>(s.states - before));
    std::fflush(stdout);  // it may take long
    if (of.operations == any_number) continue;
    for (const program& p : each) programs += number_of(p);
  }
  s.programs = programs;
  s.print(("all programs: " + text_of(of)).c_str());
  INFO(s.wrong);
  CHECK(s.wrong.empty());
  CHECK(s.cut == 0);
}

constexpr std::uint64_t no_bound = 400'000'000;  // of memory, at sixteen to a hundred bytes for each

TEST_CASE("every interleaving of every program of one operation on two objects is right") {
  explore_all({2, 2, 1, 2}, {.tokens = true});
}

TEST_CASE("every interleaving of every program on one object is right") {
  explore_all({2, 1, any_number, 2}, {.most = no_bound, .tokens = true});
}

TEST_CASE("every interleaving of every program of up to two operations on two objects is right", "[.][long]") {
  explore_all({2, 2, 2, 1}, {.most = no_bound, .tokens = true});
}

TEST_CASE("every interleaving of every program of up to three operations on two objects is right", "[.][long]") {
  explore_all({2, 2, 3, 1}, {.most = no_bound});
}

TEST_CASE("every interleaving of every program on two objects is right", "[.][long]") {
  explore_all({2, 2, any_number, 1}, {.most = no_bound});
}

TEST_CASE("every interleaving of every program of one operation on three objects is right", "[.][long]") {
  explore_all({2, 3, 1, 1}, {.most = no_bound, .tokens = true});
}

TEST_CASE("every interleaving of every program of two operations on three objects is right", "[.][long]") {
  explore_all({2, 3, 2, 1}, {.most = no_bound});
}

TEST_CASE("every interleaving of every program of three operations on three objects is right", "[.][long]") {
  explore_all({2, 3, 3, 1}, {.most = no_bound});
}

TEST_CASE("every interleaving of every program of one operation of three threads is right") {
  explore_all({3, 1, 1, 1}, {.most = no_bound, .tokens = true});
}

TEST_CASE("every interleaving of every program of two operations of three threads is right", "[.][long]") {
  explore_all({3, 1, 2, 1}, {.most = no_bound});
}

TEST_CASE("every interleaving of every program of one operation of three threads on two objects is right",
          "[.][long]") {
  explore_all({3, 2, 1, 1}, {.most = no_bound});
}

TEST_CASE("every interleaving of every program of one operation of three threads on three objects is right",
          "[.][long]") {
  explore_all({3, 3, 1, 0}, {.most = no_bound, .trials = 1});
}

TEST_CASE("the same of one operation on two objects where each look is a step", "[.][long]") {
  explore_all({2, 2, 1, 2}, {.most = no_bound, .fine = true});
}

// What is left out of the states (liveness.h) is nothing that leads anywhere: with all of the stacks in them the same
// comes of it. That this would notice: with nothing of the stacks but their places it does not.
void compare_all(const shape& of, const bounds& b) {
  bool notices = false;
  for (const kinds& k : all_kinds(of.objects)) {
    const compared c = compare_by_stacks(all_programs(of, k), b);
    CHECK(c.same);
    notices = notices || c.places_differ;
  }
  CHECK(notices);
}
TEST_CASE("states that are told apart by what is alive lead to all that there is") {
  compare_all({2, 2, 1, 0}, {.most = no_bound, .tokens = true});
  compare_all({2, 1, 2, 2}, {.most = no_bound});
}
TEST_CASE("the same of more", "[.][long]") {
  compare_all({2, 2, 1, 2}, {.most = no_bound});
  compare_all({2, 1, any_number, 2}, {.most = no_bound, .tokens = true});
  compare_all({2, 2, 1, 1}, {.most = no_bound, .fine = true});
  compare_all({3, 1, 1, 0}, {.most = no_bound});
}

}  // namespace
