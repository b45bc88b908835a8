// Property: a fork finds every room's data whole: all are asked before it, higher levels first, and told after it,
// lower levels first; what the child has lost is free again there.
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/barrier/resident.h"
#include "tests/barrier/rooms.h"
#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/port.h"
#include "weir/barrier/thread.h"

namespace {

using namespace weir::test;
using weir::barrier::thread::bound;
using weir::barrier::thread::enter;
using weir::barrier::thread::index;
using weir::barrier::thread::none;
using weir::barrier::thread::room;
using weir::barrier::thread::self;

// The test's own process forks twice: forked() around each body, so that its rooms are its own, and forked() inside it,
// which is the fork under test.

int failed(const outcome& child) {
  if (child.summary() == "exit 0") return 0;
  std::fprintf(stderr, "in the child: %s\n", child.summary().c_str());
  return 1;
}

const happened asked{"before 3", "before 2", "before 1"};
const happened told_in_parent{"parent 1", "parent 2", "parent 3"};

happened operator+(happened a, const happened& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

void enter_three() {
  enter(told<2>);
  enter(told<3>);
  enter(told<1>);
}

int order_with_others() {
  enter_three();
  if (self() != 0) return unless(false, "the first thread is not 0");
  std::array<resident, 3> others;
  for (resident& r : others) {
    if (r.number() == none) return unless(false, "no number");
  }
  const int failures = failed(forked([] {
    happened expected = asked;
    for (const char* level : {"1", "2", "3"}) {
      const std::string l = level;
      expected = expected + happened{"lost " + l + " 1", "lost " + l + " 2", "lost " + l + " 3", "child " + l + " 0"};
    }
    return unlike(events.take(), expected, "in the child") + unless(self() == 0, "another number in the child");
  }));
  return failures + unlike(events.take(), asked + told_in_parent, "in the parent");
}

TEST_CASE("rooms are asked downwards and told upwards; the child hears of each thread it lost, then that it is alone") {
  CHECK(forked(&order_with_others).summary() == "exit 0");
}

int order_without_number() {
  enter_three();
  resident other;
  if (other.number() != 0) return unless(false, "the first thread is not 0");
  return failed(forked([] {
    const happened expected =
        asked + happened{"lost 1 0", "child 1 none", "lost 2 0", "child 2 none", "lost 3 0", "child 3 none"};
    return unlike(events.take(), expected, "in the child") + unless(self() == 0, "a lost number was not free");
  }));
}

TEST_CASE("a thread without a number forks: the child has no thread with one") {
  CHECK(forked(&order_without_number).summary() == "exit 0");
}

int numbers_free_again() {
  enter(told<1>);
  std::vector<std::unique_ptr<resident>> others;
  for (int i = 0; i < 10; ++i) {
    others.push_back(std::make_unique<resident>());
    if (others.back()->number() != static_cast<index>(i)) return unless(false, "not the smallest");
  }
  others[3]->leave();
  if (self() != 3) return unless(false, "not the free one");
  return failed(forked([] {
    int failures = unless(self() == 3, "the survivor's number has changed");
    static_cast<void>(events.take());
    std::vector<std::unique_ptr<resident>> next;
    for (const index expected : {0U, 1U, 2U, 4U, 5U, 6U, 7U, 8U, 9U, 10U}) {
      next.push_back(std::make_unique<resident>());
      failures += unless(next.back()->number() == expected, "a lost number was not given again");
    }
    next.clear();
    return failures + unless(events.take().size() == 10, "a new thread's end was not told");
  }));
}

TEST_CASE("numbers of threads that the child has not are given again there") {
  if (weir::port::under_tsan) {
    std::printf("left out: ThreadSanitizer does not survive a thread in the child of a process with threads\n");
    return;
  }
  CHECK(forked(&numbers_free_again).summary() == "exit 0");
}

int lost_while_leaving() {
  enter(told<1>);
  static gate leaving;
  in_left = [](int, index) { leaving.pass(); };
  resident other;
  if (other.number() != 0) return unless(false, "not the first");
  std::thread ending([&] { other.leave(); });
  if (!leaving.await(1)) return unless(false, "it does not leave");
  static_cast<void>(events.take());
  const int failures = failed(forked([] {
    in_left = nullptr;
    return unlike(events.take(), {"before 1", "lost 1 0", "child 1 none"}, "in the child") +
           unless(self() == 0, "the number is not free");
  }));
  leaving.open();
  ending.join();
  return failures;
}

TEST_CASE("a thread that was being told of its end is lost like any other") {
  CHECK(forked(&lost_while_leaving).summary() == "exit 0");
}

// A room whose data a lock guards: both halves change together. The child must find them equal and the lock free.
struct guarded {
  std::mutex lock{};
  std::uint64_t first = 0, second = 0;
};
guarded data;

constinit room guarded_room{
    .level = 1,
    .left =
        [](index) noexcept {
          const std::lock_guard hold(data.lock);
          ++data.first;
          ++data.second;
        },
    .before_fork = []() noexcept { data.lock.lock(); },
    .in_parent = []() noexcept { data.lock.unlock(); },
    .in_child = [](index) noexcept { data.lock.unlock(); },
};

// No memory is allocated in these children: AddressSanitizer's allocator does not survive a fork in the middle of it.
int fork_in_a_storm(bool forker_has_number) {
  enter(guarded_room);
  if (forker_has_number) static_cast<void>(self());
  std::atomic<bool> enough{false};
  crew storm;
  storm.if_abandoned([&] { enough.store(true, std::memory_order_relaxed); });
  for (int i = 0; i < 3; ++i) {
    storm.add([&] {
      while (!enough.load(std::memory_order_relaxed)) {  // only to stop
        std::thread([] {
          static_cast<void>(self());
          weir::barrier::heavy();
        }).join();
      }
    });
  }
  int failures = 0;
  for (int n = 0; n < scaled(300) && failures == 0; ++n) {
    failures += failed(forked([] {
      int wrong = unless(self() < 8, "numbers of lost threads are not free");
      weir::barrier::heavy();
      const std::lock_guard hold(data.lock);
      wrong += unless(data.first == data.second, "a room's data was not whole");
      return wrong;
    }));
  }
  enough.store(true, std::memory_order_relaxed);
  return failures + unless(storm.join().empty(), "the storm failed");
}

TEST_CASE("fork while others register, call heavy() and end: the child is whole and never hangs") {
  for (const bool has_number : {false, true}) {
    CAPTURE(has_number);
    CHECK(forked([&] { return fork_in_a_storm(has_number); }).summary() == "exit 0");
  }
}

// A room may enter at any time, so also while a fork asks the others. It has then not been asked, and must be before it
// is told: its in_parent() gives back what its before_fork() took.
int enters_during_fork() {
  enter(told<1>);
  in_before_fork = [](int) {
    in_before_fork = nullptr;
    std::thread([] { enter(told<2>); }).join();
  };
  const happened begun_anew{"before 1", "parent 1", "before 2", "before 1"};
  const int failures = failed(forked([&] {
    return unlike(events.take(), begun_anew + happened{"child 1 none", "child 2 none"}, "in the child");
  }));
  return failures + unlike(events.take(), begun_anew + happened{"parent 1", "parent 2"}, "in the parent");
}

TEST_CASE("a room that enters while a fork is being prepared is asked too, in its turn") {
  CHECK(forked(&enters_during_fork).summary() == "exit 0");
}

TEST_CASE("fork of a fork") {
  const outcome child = forked([] {
    enter(told<1>);
    return failed(forked([] {
      static_cast<void>(self());
      resident other;
      if (other.number() != 1) return unless(false, "not the second");
      static_cast<void>(events.take());
      return failed(forked([] {
        return unlike(events.take(), {"before 1", "lost 1 1", "child 1 0"}, "in the grandchild") +
               unless(self() == 0, "another number in the grandchild");
      }));
    }));
  });
  CHECK(child.summary() == "exit 0");
}

}  // namespace
