// Property: where the end of a thread is the destructor of a pthread key, other keys' destructors, made before and
// after it, find a number in each round but the last, and no number is lost.
#include <array>
#include <climits>
#include <cstdio>
#include <pthread.h>
#include <string>
#include <thread>

#include "tests/barrier/resident.h"
#include "tests/barrier/rooms.h"
#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "weir/barrier/thread.h"

namespace {

using namespace weir::test;
using weir::barrier::thread::enter;
using weir::barrier::thread::index;
using weir::barrier::thread::none;
using weir::barrier::thread::self;

// Destructors of pthread keys, made before and after the registry's own; each is called in as many rounds as `asks` is
// long, and asks for a number in those that have a 'y'.
struct key {
  pthread_key_t value{};
  const char* asks = "";
  std::array<index, 3> got{none, none, none};
  std::size_t rounds = 0;

  void make() {
    ::pthread_key_create(&value, [](void* p) { static_cast<key*>(p)->run(); });
  }
  void set() {
    if (asks[rounds] != 0) ::pthread_setspecific(value, this);
  }

 private:
  void run() {
    got[rounds] = asks[rounds] == 'y' ? self() : none;
    ++rounds;
    set();
  }
};

// The numbers that two such keys get, and what the room is told; the registry's key lies between the two.
struct key_run {
  key early, late;

  int play(const char* early_asks, const char* late_asks, bool registered, int told_of) {
    early.asks = early_asks;
    late.asks = late_asks;
    early.make();
    std::thread([] { static_cast<void>(self()); }).join();  // the registry makes its key with the first number
    late.make();
    enter(told<1>);
    std::thread([&] {
      if (registered) static_cast<void>(self());
      early.set();
      late.set();
    }).join();
    const happened expected(static_cast<std::size_t>(told_of), "left 1 0");
    resident next;
    return unlike(events.take(), expected, "after the thread") + unless(next.number() == 0, "a number was lost");
  }
};

// Four rounds on every system that we know; the registry leaves the last one alone, and so do the tests:
// ThreadSanitizer no longer knows the thread there.
static_assert(PTHREAD_DESTRUCTOR_ITERATIONS == 4);

TEST_CASE("a later destructor of the thread gets a number again, which is given back again") {
  const outcome child = forked([] {
    key_run run;
    return run.play("", "y", true, 2) + unless(run.late.got[0] == 0, "no number in a later destructor");
  });
  CHECK(child.summary() == "exit 0");
}

TEST_CASE("an earlier destructor finds the thread's number, as does one that is called again") {
  const outcome child = forked([] {
    key_run run;
    return run.play("yy", "", true, 2) + unless(run.early.got[0] == 0, "no number in an earlier destructor") +
           unless(run.early.got[1] == 0, "no number in its second round");
  });
  CHECK(child.summary() == "exit 0");
}

TEST_CASE("towards the end a number is had only if it can still be given back") {
  const outcome child = forked([] {
    key_run run;
    int failures = run.play("yyy", "yyy", true, 3);
    for (std::size_t round = 0; round < 3; ++round) {
      failures += unless(run.early.got[round] == 0, "no number before the registry's turn");
      failures +=
          unless((run.late.got[round] == 0) == (round < 2), "a number after the registry's last turn, or none before");
    }
    return failures;
  });
  CHECK(child.summary() == "exit 0");
}

TEST_CASE("a thread that comes back in the end only is refused") {
  const outcome child = forked([] {
    key_run run;
    return run.play("", "nny", true, 1) + unless(run.late.got[2] == none, "a number that nobody will give back");
  });
  CHECK(child.summary() == "exit 0");
}

TEST_CASE("a thread that comes for the first time that late has a number, and gives it back") {
  if (weir::port::under_tsan) {
    std::printf("left out: ThreadSanitizer (clang's) has forgotten the thread by then, and ends the process\n");
    return;
  }
  const outcome child = forked([] {
    key_run run;
    return run.play("", "ny", false, 1) + unless(run.late.got[1] == 0, "no number");
  });
  CHECK(child.summary() == "exit 0");
}

}  // namespace
