// Property: in every interleaving of a program's threads, whatever they are told could have come of one call after the
// other, no satisfiable waiter is left in a queue, and no thread sleeps whose wait is over.
//
// What only a certain program shows is a case of its own; of larger programs than all_programs_test.cc has, a part is
// drawn by a seed that is printed. A wrong variant of each step of the protocol is noticed by one of these.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

#include "tests/support/catch.h"
#include "tests/sync/nt/explorer/explore.h"
#include "tests/sync/nt/explorer/machine.h"
#include "tests/sync/nt/explorer/sets.h"
#include "weir/barrier/mutation.h"

namespace {

using namespace weir::nt::explorer;
using enum verb;

constexpr auto an_auto_event = what::auto_event;
constexpr auto a_manual_event = what::manual_event;
constexpr auto a_semaphore = what::semaphore;
constexpr auto polls = timeout::kind::polls;
constexpr auto some_time = timeout::kind::some_time;

// --- Programs that show what others do not ---------------------------------------------------------------------------

operation any(std::vector<int> objects, timeout::kind time = timeout::kind::never) {
  return wait_for(wait_any, std::move(objects), time);
}
operation all(std::vector<int> objects, timeout::kind time = timeout::kind::never) {
  return wait_for(wait_all, std::move(objects), time);
}

// One set, one waiter, and the same thing for a thread that has one object only.
program one_set(what k) { return {{k, an_auto_event}, {}, 2, {{on(set, 0)}, {any({0}, some_time)}}}; }

// Of two waiters the first one is let through.
program two_in_line() {
  return {{an_auto_event}, {}, 1, {{any({0})}, {see_blocked(0), any({0})}, {see_blocked(1), on(set, 0)}}};
}
// One queue for waits of both kinds: the second one, though its other object is there, comes second.
program any_before_all() {
  return {{an_auto_event, an_auto_event},
          {0, 1},
          2,
          {{any({0})}, {see_blocked(0), all({0, 1})}, {see_blocked(1), on(set, 0)}}};
}
// Whether both were unsignaled is a matter of one moment.
program one_becomes_the_other() {
  return {{an_auto_event, an_auto_event}, {0, 1}, 2, {{any({0, 1}, polls)}, {on(set, 0), any({1})}}};
}
// A wait for all that does not get both leaves the one that is there where it is.
program half_of_both() {
  return {{an_auto_event, an_auto_event}, {1, 0}, 2, {{all({0, 1}, polls)}, {any({0}, polls)}}};
}
// The first in line is gone, and its node still there.
program gone_before() {
  return {{an_auto_event}, {}, 1, {{any({0}, some_time)}, {see_blocked(0), any({0})}, {on(set, 0)}}};
}
program all_of(what k, operation signal) {
  return {{k}, {}, 1, {{any({0})}, {see_blocked(0), any({0})}, {see_blocked(1), signal}}};
}
// The first one of a set's waiters is at its next operation while the second one is looked at.
program quick_one() {
  return {{a_manual_event, an_auto_event},
          {0, 1},
          2,
          {{any({0}), any({1}, polls)}, {see_blocked(0), all({0, 1})}, {see_blocked(1), on(set, 0)}}};
}
// The thread is in its next wait while the signaler of the last one has a step to go.
program waits_again() { return {{an_auto_event, an_auto_event}, {}, 2, {{any({0}), any({1})}, {on(set, 0)}}}; }
// A wait for all takes two objects; nobody sees one of them taken and the other one not.
program looks_twice(operation first, operation second) {
  return {{an_auto_event, an_auto_event}, {1, 1}, 2, {{all({0, 1})}, {first, second}}};
}
// Two signalers each of whom needs the other's object.
program crosswise() {
  return {{an_auto_event, an_auto_event},
          {},
          2,
          {{all({0, 1})}, {see_blocked(0), on(set, 0)}, {see_blocked(0), on(set, 1)}}};
}
// A set that satisfies two waits for all. Who has seen the first one's take resets what the second one needs.
program two_alls() {
  return {{a_manual_event, an_auto_event, a_manual_event},
          {0, 1, 1},
          3,
          {{all({0, 1})},
           {see_blocked(0), all({0, 2})},
           {see_blocked(1), on(set, 0)},
           {see_blocked(1), on(query, 1), on(reset, 2)}}};
}
// The first one that a set wakes is in its next wait, and woken from it, before the chain has gone on.
program chain() {
  return {{a_manual_event},
          {},
          1,
          {{any({0}), on(reset, 0), any({0})}, {any({0})}, {see_blocked(1), on(set, 0)}, {see_blocked(1), on(set, 0)}}};
}
// A poll that does not wait is not to be satisfied by a pulse.
program pulse_and_poll() {
  return {{an_auto_event, an_auto_event}, {}, 2, {{any({0, 1}, polls)}, {on(pulse, 0)}, {on(query, 0)}}};
}
// The lower one is signaled all along.
program pulse_of_the_higher() { return {{an_auto_event, an_auto_event}, {1, 0}, 2, {{any({0, 1})}, {on(pulse, 1)}}}; }
// A mutant is handed over while the last reference to it goes, and abandoned by who got it.
program dropped() {
  return {{what::mutant}, {1}, 1, {{on(release_mutant, 0)}, {any({0}), operation{end}}, {see_blocked(1), on(drop, 0)}}};
}
// An event goes while somebody waits for it.
program dropped_under_a_wait() {
  return {{an_auto_event}, {}, 1, {{any({0}, some_time)}, {see_blocked(0), on(drop, 0)}}};
}
// An owner of two ends while somebody waits for all: who looks sees it owned twice, or abandoned.
program ends_as_owner_of_two() {
  return {{what::mutant, an_auto_event},
          {1, 0},
          2,
          {{any({0}), see_blocked(1), operation{end}}, {all({0, 1}, some_time)}, {see_blocked(1), on(query, 0)}}};
}
program alert_or_all() {
  return {{an_auto_event, an_auto_event, an_auto_event},
          {0, 1, 0},
          3,
          {{wait_for(wait_all, {0, 1}, some_time, 2)}, {on(set, 2)}, {on(set, 0)}}};
}

std::vector<program> directed() {
  return {one_set(an_auto_event),
          one_set(a_manual_event),
          two_in_line(),
          any_before_all(),
          one_becomes_the_other(),
          half_of_both(),
          gone_before(),
          all_of(a_manual_event, on(set, 0)),
          all_of(a_manual_event, on(pulse, 0)),
          all_of(a_semaphore, on(release, 0, 2)),
          quick_one(),
          waits_again(),
          looks_twice(on(query, 1), on(query, 0)),
          looks_twice(any({1}, polls), on(query, 0)),
          crosswise(),
          two_alls(),
          chain(),
          pulse_and_poll(),
          pulse_of_the_higher(),
          dropped(),
          dropped_under_a_wait(),
          ends_as_owner_of_two(),
          alert_or_all()};
}
// --- Drawn programs --------------------------------------------------------------------------------------------------

bool waits(const operation& o) { return o.does == wait_any || o.does == wait_all; }

// Some threads wait, the others signal; some begin when another one is seen to be blocked.
program draw(std::mt19937& random, const shape& of) {
  const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  program p;
  p.objects = of.objects;
  for (unsigned i = 0; i < of.objects; ++i) {
    p.kinds[i] = static_cast<what>(below(4));
    p.first[i] = static_cast<std::uint8_t>(p.kinds[i] == what::mutant ? below(of.threads + 1) : below(2));
  }
  const std::vector<operation> each = alphabet(p, of.level);
  for (unsigned t = 0; t < of.threads; ++t) {
    const bool waiter = t == 0 || (t + 1 < of.threads && below(3) != 0);
    std::vector<operation> its;
    if (t != 0 && below(2) == 0) its.push_back(see_blocked(static_cast<std::uint8_t>(below(t))));
    const std::size_t count = 1 + below(of.operations);
    while (its.size() < count) {
      const operation o = each[below(each.size())];
      if (its.empty() && waits(o) != waiter) continue;
      its.push_back(o);
    }
    p.threads.push_back(std::move(its));
  }
  return p;
}

sum drawn(std::uint32_t seed, const shape& of, std::uint64_t states, const bounds& b) {
  std::mt19937 random(seed);
  sum s;
  while (s.states < states && s.add(draw(random, of), b)) continue;
  return s;
}

constexpr shape shapes[] = {{2, 1, 3, 2}, {2, 2, 2, 2}, {2, 2, 3, 2}, {2, 3, 3, 2}, {3, 1, 2, 1},
                            {3, 2, 1, 2}, {3, 2, 2, 1}, {3, 3, 1, 1}, {3, 3, 3, 0}};

// How many of them have not come to their end.
std::uint64_t draw_all(std::uint32_t seed, std::uint64_t states) {
  std::uint64_t cut = 0;
  for (const shape& of : shapes) {
    const bounds b{.most = 400'000, .tokens = of.objects == 2};
    const sum s = drawn(seed, of, states, b);
    const std::string name = "drawn: " + text_of(of) + ", seed " + std::to_string(seed);
    s.print(name.c_str());
    INFO(name << "\n" << s.wrong);
    CHECK(s.wrong.empty());
    cut += s.cut;
  }
  return cut;
}
// --- Cases -----------------------------------------------------------------------------------------------------------

TEST_CASE("every interleaving of a directed program is right") {
  sum s;
  for (const bool tokens : {false, true}) {
    for (const program& p : directed()) s.add(p, {.most = 6'000'000, .tokens = tokens});
    // Looked at for a while: the looks are guesses, which have to be steps here.
    for (const program& p : {one_set(an_auto_event), one_set(a_manual_event), waits_again()}) {
      s.add(p, {.most = 6'000'000, .fine = true, .tokens = tokens, .pauses = 2});
    }
  }
  s.print("directed programs");
  INFO(s.wrong);
  CHECK(s.wrong.empty());
  CHECK(s.cut == 0);
}

// See all_programs_test.cc: here with up to four threads, three objects, alerts and ends of objects.
TEST_CASE("states of directed programs that are told apart by what is alive lead to all that there is") {
  for (const bool tokens : {false, true}) {
    for (const program& p : directed()) {
      INFO(text_of(p));
      CHECK(compare_by_stacks(p, {.most = 6'000'000, .tokens = tokens}).same);
    }
  }
  CHECK(compare_by_stacks(waits_again(), {.most = 6'000'000, .fine = true, .pauses = 2}).same);
}

TEST_CASE("every interleaving of programs that a seed draws is right") { CHECK(draw_all(1, 200'000) == 0); }

TEST_CASE("the same, of many more", "[.][long]") {
  const auto seed = static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  for (std::uint32_t i = 0; i < 10; ++i) draw_all(seed + i, 10'000'000);
}

// By one of the directed programs. Which one, and how, is printed.
bool is_noticed(const char* mutation, const std::vector<program>& by) {
  weir::mutation::active = mutation;
  std::string wrong;
  for (const program& p : by) {
    wrong = explore(p, {.most = 6'000'000}).wrong;
    if (!wrong.empty()) break;
  }
  weir::mutation::active = {};
  std::printf("%s: %s\n", mutation, wrong.empty() ? "nobody notices" : wrong.c_str());
  return !wrong.empty();
}

TEST_CASE("each wrong variant of the protocol is noticed") {
  program mutants{{what::mutant}, {1}, 1, {{on(release_mutant, 0)}, {any({0})}}};
  program ends{{what::mutant}, {1}, 1, {{operation{end}}, {any({0})}}};
  program line{{an_auto_event, an_auto_event}, {}, 2, {{any({0, 1})}, {any({1, 0}, some_time)}}};
  program late_all{
      {an_auto_event, an_auto_event}, {0, 1}, 2, {{all({0, 1})}, {see_blocked(0), on(set, 0)}, {any({0})}}};
  const struct {
    const char* mutation;
    std::vector<program> by;
  } each[] = {
      {"nt-look", {one_set(an_auto_event)}},
      {"nt-set-queue", {one_set(an_auto_event)}},
      {"nt-release-queue", {mutants}},
      {"nt-publish-late", {late_all}},
      {"nt-time-out", {one_set(an_auto_event)}},
      {"nt-claim", {one_set(an_auto_event)}},
      {"nt-parked", {one_set(an_auto_event)}},
      {"nt-claimed-wait", {waits_again()}},
      {"nt-lost-claim", {one_set(an_auto_event)}},
      {"nt-leave", {one_set(an_auto_event)}},
      {"nt-pulse", {pulse_and_poll()}},
      {"nt-locked-look", {looks_twice(on(query, 1), on(query, 0))}},
      {"nt-lowest",
       {one_becomes_the_other(),
        program{{an_auto_event, an_auto_event}, {0, 0}, 2, {{any({0, 1}, polls)}, {on(set, 0), on(set, 1)}}}}},
      {"nt-poll", {one_becomes_the_other()}},
      {"nt-all", {half_of_both()}},
      {"nt-fifo", {two_in_line()}},
      {"nt-one-queue", {any_before_all()}},
      {"nt-dead-node", {gone_before()}},
      {"nt-wake-all", {all_of(a_manual_event, on(set, 0)), all_of(a_semaphore, on(release, 0, 2))}},
      {"nt-abandon", {ends}},
      {"nt-abandoned", {ends}},
      {"nt-done-late", {quick_one()}},
      {"nt-wake-next", {chain()}},
      {"nt-two-phases", {two_alls()}},
      {"nt-signal-group", {crosswise()}},
      {"nt-wait-group", {line}},
  };
  for (const auto& one : each) {
    INFO(one.mutation);
    CHECK(is_noticed(one.mutation, one.by));
  }
}

// A step that is tried with wrong values may go through all nodes, and on behind the last one: of what lies there, some
// would be the numbers of objects, and written to.
TEST_CASE("what a step changes ends with the segment, and nothing is near behind it") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): there is no object
  const auto is_there = [&](std::uintptr_t at) { return ::write(ends[1], reinterpret_cast<const void*>(at), 1) == 1; };
  const auto end = reinterpret_cast<std::uintptr_t>(&the_segment + 1);
  CHECK(is_there(end - 1));
  for (std::uintptr_t far = 1; far <= std::uintptr_t{1} << 39; far *= 2) {
    INFO(far);
    CHECK_FALSE(is_there(end - 1 + far));
  }
  for (const int each : ends) ::close(each);
}

}  // namespace
