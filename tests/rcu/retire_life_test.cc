// What becomes of retired objects when processes fork and exit, when threads come late, and when a caller is wrong.
#include <array>
#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/rcu/retire.h"

namespace {

using namespace weir::test;
using weir::rcu::default_domain;
using weir::rcu::domain;
using weir::rcu::reader;
using weir::rcu::reclaimer;

struct counted : weir::rcu::obj_base<counted, void (*)(counted*)> {
  std::atomic<int> runs{0};
  static void run(counted* c) { c->runs.fetch_add(1, std::memory_order_relaxed); }
};

int how_many_ran(const std::vector<counted>& all) {
  int n = 0;
  for (const counted& c : all) n += c.runs.load(std::memory_order_relaxed);
  return n;
}

// In a child that was forked beside other threads ThreadSanitizer allows no new ones, such as a domain's own.
reclaimer usual() { return weir::port::under_tsan ? reclaimer::in_place : reclaimer::background; }

TEST_CASE("parent and child after fork() each reclaim what was retired before, once", "[fork]") {
  for (const reclaimer by : {usual(), reclaimer::in_place, reclaimer::by_hand}) {
    domain d({.by = by});
    std::vector<counted> objects(300);
    for (counted& c : objects) c.retire(&counted::run, d);
    const outcome child = forked([&] {
      d.barrier();
      int bad = unless(how_many_ran(objects) == 300, "not every object was reclaimed in the child");
      for (const counted& c : objects) bad |= unless(c.runs == 1, "an object was reclaimed twice");
      std::vector<counted> more(300);
      for (counted& c : more) c.retire(&counted::run, d);
      d.barrier();
      return bad | unless(how_many_ran(more) == 300, "the child cannot retire");
    });
    CHECK(child.summary() == "exit 0");
    d.barrier();
    CHECK(how_many_ran(objects) == 300);
  }
}

TEST_CASE("a child loses nothing but what others were at, and does nothing twice", "[fork]") {
  domain d({.by = usual(), .limit = 500});
  const auto n = static_cast<std::size_t>(scaled(20'000));
  std::atomic<bool> enough{false};
  std::vector<counted> objects(n);
  std::atomic<std::size_t> retired{0};
  crew threads;
  threads.add([&] {
    for (counted& c : objects) {
      if (enough.load(std::memory_order_relaxed)) return;
      c.retire(&counted::run, d);
      retired.fetch_add(1, std::memory_order_release);
    }
    while (!enough.load(std::memory_order_relaxed)) std::this_thread::yield();
  });
  for (int i = 0; i < scaled(40); ++i) {
    const outcome child = forked([&] {
      const auto before = static_cast<int>(retired.load(std::memory_order_acquire));
      d.barrier();
      int twice = 0;
      for (const counted& c : objects) twice += c.runs.load(std::memory_order_relaxed) > 1 ? 1 : 0;
      const int ran = how_many_ran(objects);
      // The retirer may have been inside retire(), and it, or the domain's thread, inside a deleter.
      return unless(twice == 0, "an object was reclaimed twice") |
             unless(ran >= before - 2 && ran <= before + 1, "objects were lost");
    });
    CHECK(child.summary() == "exit 0");
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
  d.barrier();
  CHECK(how_many_ran(objects) == static_cast<int>(retired.load(std::memory_order_relaxed)));
}

TEST_CASE("a process that exits ends the domain's thread first, also from inside a section") {
  const outcome child = forked([] {
    static std::array<counted, 1000> objects;
    default_domain().lock();
    for (counted& c : objects) c.retire(&counted::run);
    std::exit(3);
    return 0;
  });
  CHECK(child.summary().substr(0, 6) == "exit 3");
}

// Retires when its thread's objects are destroyed.
struct late_retirer {
  domain* d = nullptr;
  counted* what = nullptr;
  ~late_retirer() {
    if (d != nullptr) what->retire(&counted::run, *d);
  }
};
thread_local late_retirer late;

TEST_CASE("the destructors of a thread's objects may retire") {
  domain d;
  counted before;
  counted after;
  std::thread([&] {
    late.d = &d;
    late.what = &after;
    before.retire(&counted::run, d);
  }).join();
  d.barrier();
  CHECK(before.runs == 1);
  CHECK(after.runs == 1);
}

TEST_CASE("thousands of threads that live at once") {
  domain d;
  const int n = scaled(4'096);
  std::vector<counted> objects(static_cast<std::size_t>(n));
  gate all;
  crew threads;
  threads.if_abandoned([&] { all.open(); });
  for (int t = 0; t < n; ++t) {
    threads.add([&, t] {
      { const reader r(d); }
      objects[static_cast<std::size_t>(t)].retire(&counted::run, d);
      all.pass();
    });
  }
  REQUIRE(all.await(n));
  d.barrier();
  CHECK(how_many_ran(objects) == n);
  d.synchronize();
  all.open();
  CHECK(threads.join() == "");
}

TEST_CASE("barrier() inside a section or a deleter of its domain is refused by an assertion") {
  if (!with_checks()) return;
  const outcome inside = forked([] {
    domain d;
    const reader r(d);
    d.barrier();
    return 0;
  });
  CHECK_FALSE(inside.exited);
  CHECK(inside.text.find("barrier() of an RCU domain inside a section of that domain") != std::string::npos);
  const outcome deleter = forked([] {
    static domain d;
    int object = 0;
    static_cast<void>(d.try_retire(&object, [](void*) { d.barrier(); }));
    d.barrier();
    return 0;
  });
  CHECK_FALSE(deleter.exited);
  CHECK(deleter.text.find("barrier() of an RCU domain inside one of its deleters") != std::string::npos);
}

}  // namespace
