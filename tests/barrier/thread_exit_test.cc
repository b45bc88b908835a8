// Property: every room is told of every thread that had a number when the thread ends, last of all things that happen
// on it, higher levels first; and the number is nobody else's before all have been told.
#include <array>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/barrier/resident.h"
#include "tests/barrier/rooms.h"
#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/port.h"
#include "weir/barrier/thread.h"

namespace {

using namespace weir::test;
using weir::barrier::thread::enter;
using weir::barrier::thread::index;
using weir::barrier::thread::none;
using weir::barrier::thread::room;
using weir::barrier::thread::self;
using weir::barrier::thread::self_if_any;

// Runs `body` in a thread and waits for its end.
template <class Body>
void in_thread(Body body) {
  std::thread(body).join();
}

// Writes down when it is destroyed, with the thread's number.
struct local {
  ~local() { events.note("local " + std::to_string(self_if_any())); }
};
void touch_local() {
  static thread_local local mine;
  static_cast<void>(mine);
}

int tells_in_order() {
  enter(told<1>);  // not in the order of the levels
  enter(told<3>);
  enter(told<2>);
  static std::thread::id teller;
  static bool number_was_own = true;
  in_left = [](int, index i) {
    number_was_own = number_was_own && self_if_any() == i;
    teller = std::this_thread::get_id();
  };
  std::thread::id id;
  in_thread([&] {
    id = std::this_thread::get_id();
    static_cast<void>(self());
    touch_local();
  });
  return unlike(events.take(), {"local 0", "left 3 0", "left 2 0", "left 1 0"}, "after the thread") +
         unless(teller == id, "told on another thread") + unless(number_was_own, "told of a number it has not");
}

TEST_CASE("the rooms are told on the thread itself, after its thread_locals, higher levels first") {
  CHECK(forked(&tells_in_order).summary() == "exit 0");
}

int a_thread_without_number() {
  enter(told<1>);
  in_thread(&touch_local);
  return unlike(events.take(), {"local " + std::to_string(none)}, "after a thread without a number");
}

TEST_CASE("nobody is told of a thread that never asked for a number") {
  CHECK(forked(&a_thread_without_number).summary() == "exit 0");
}

int a_room_that_comes_late() {
  resident early;
  const index number = early.number();
  enter(told<1>);
  early.leave();
  return unlike(events.take(), {"left 1 " + std::to_string(number)}, "after a thread older than the room");
}

TEST_CASE("a room is told of threads that were there before it") {
  CHECK(forked(&a_room_that_comes_late).summary() == "exit 0");
}

int number_kept_until_all_are_told() {
  enter(told<2>);
  enter(told<1>);
  static gate leaving;
  in_left = [](int level, index i) {
    if (level == 1 && i == 0) leaving.pass();
  };
  resident first;
  if (first.number() != 0) return unless(false, "not the first");
  std::thread ending([&] { first.leave(); });
  int failures = unless(leaving.await(1), "nobody leaves");
  {
    resident meanwhile;
    failures += unless(meanwhile.number() == 1, "the number of a thread that is still leaving was given away");
  }
  leaving.open();
  ending.join();
  resident later;
  return failures + unless(later.number() == 0, "the number was not given back");
}

TEST_CASE("the number is given to nobody while a room is being told", "[register-while-told]") {
  CHECK(forked(&number_kept_until_all_are_told).summary() == "exit 0");
}

// A deleter that reads, say: the first time round it uses a lower room, which must hear of it again.
int used_again_while_leaving() {
  enter(told<1>);
  enter(told<2>);
  static int times = 0;
  static bool same = true;
  in_left = [](int level, index i) {
    if (level == 2 && times++ == 0) same = self() == i;
  };
  in_thread([] { static_cast<void>(self()); });
  return unlike(events.take(), {"left 2 0", "left 1 0", "left 2 0", "left 1 0"}, "after the thread") +
         unless(same, "self() in left() is another number");
}

TEST_CASE("rooms that are used while a thread leaves are told again") {
  CHECK(forked(&used_again_while_leaving).summary() == "exit 0");
}

int used_again_for_ever() {
  enter(told<1>);
  in_left = [](int, index) { static_cast<void>(self()); };
  in_thread([] { static_cast<void>(self()); });
  const std::size_t times = events.take().size();
  in_left = nullptr;
  resident next;
  return unless(times >= 2, "told once only") + unless(times <= 100, "told a hundred times") +
         unless(next.number() == 0, "the number was not given back");
}

TEST_CASE("a room that uses itself each time it is told does not keep the thread for ever") {
  CHECK(forked(&used_again_for_ever).summary() == "exit 0");
}

// thread_local destructors that need a number, in a thread that had none or had one.
struct late_reader {
  ~late_reader() { events.note("late " + std::to_string(self())); }
};
void touch_late_reader() {
  static thread_local late_reader mine;
  static_cast<void>(mine);
}

int registers_in_a_destructor() {
  enter(told<1>);
  in_thread(&touch_late_reader);
  in_thread([] {
    touch_late_reader();
    static_cast<void>(self());
  });
  const happened once{"late 0", "left 1 0"};
  happened twice = once;
  twice.insert(twice.end(), once.begin(), once.end());
  return unlike(events.take(), twice, "after the threads");
}

TEST_CASE("a thread_local destructor can register its thread") {
  CHECK(forked(&registers_in_a_destructor).summary() == "exit 0");
}

// enter() itself.

template <int... Levels>
std::vector<room*> rooms_of_levels(std::integer_sequence<int, Levels...>) {
  return {&told<Levels + 1>...};
}

constexpr int free_rooms = weir::barrier::thread::max_rooms - 2;  // the barrier's own; its form edges has two

int many_rooms_at_once() {
  gate start;
  crew threads;
  threads.if_abandoned([&] { start.open(); });
  for (room* r : rooms_of_levels(std::make_integer_sequence<int, free_rooms>())) {
    threads.add([&start, r] {
      start.pass();
      enter(*r);
      static_cast<void>(self());
    });
  }
  if (!start.await(free_rooms)) return 1;
  start.open();
  if (!threads.join().empty()) return 1;
  static_cast<void>(events.take());  // who was told of whom depends on who was first
  in_thread([] { static_cast<void>(self()); });
  happened expected;
  for (int level = free_rooms; level > 0; --level) expected.push_back("left " + std::to_string(level) + " 0");
  return unlike(events.take(), expected, "after all rooms have entered");
}

TEST_CASE("rooms that enter at once, while threads come and go, are all there in their order") {
  for (int i = 0; i < scaled(20); ++i) CHECK(forked(&many_rooms_at_once).summary() == "exit 0");
}

// Misuse.

void check_death(const outcome& child, const std::string& sentence) {
  CAPTURE(child.text);
  if (!with_checks()) {
    std::printf("left out: built without assertions: %s\n", sentence.c_str());
    return;
  }
  CHECK(!child.exited);
  CHECK(child.status == SIGABRT);
  CHECK(child.text.find("weir: " + sentence) != std::string::npos);
}

TEST_CASE("a room that enters twice is refused") {
  check_death(forked([] {
                enter(told<1>);
                if (with_checks()) enter(told<1>);  // without checks it would be the end of this process's order
                return 0;
              }),
              "a room has entered the registry of threads twice");
}

TEST_CASE("a seventeenth room is refused") {
  check_death(forked([] {
                static std::array<room, weir::barrier::thread::max_rooms> rooms{};
                for (room& r : rooms) {
                  if (with_checks()) enter(r);  // the barrier's own room is the first already
                }
                return 0;
              }),
              "too many rooms have entered the registry of threads");
}

}  // namespace
