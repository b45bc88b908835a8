// What becomes of hazard pointers and retired objects when threads end, processes fork, signals come, and when a caller
// is wrong.
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/hazard/object.h"
#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/pool.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/hazard/array.h"
#include "weir/hazard/local.h"
#include "weir/hazard/pointer.h"
#include "weir/hazard/std26.h"

namespace {

using namespace weir::test;
using weir::hazard::cohort;
using weir::hazard::domain;
using weir::hazard::make_pointer;
using weir::hazard::pointer;

TEST_CASE("parent and child after fork() each reclaim what was retired before, once", "[fork]") {
  domain d;
  std::vector<object> objects(600);
  pointer h = make_pointer();
  h.reset_protection(&objects[5]);
  for (object& o : objects) o.retire({}, d);
  const outcome child = forked([&] {
    d.clean_up();
    int bad = unless(reclaimed(objects) == 599, "not every object was reclaimed in the child");
    bad |= unless(!objects[5].reclaimed(), "an object was reclaimed although it was protected before the fork");
    h.reset_protection();
    d.clean_up();
    bad |= unless(not_once(objects) == 0, "an object was not reclaimed exactly once");
    std::vector<object> more(600);
    for (object& o : more) o.retire({}, d);
    d.clean_up();
    return bad | unless(not_once(more) == 0, "the child cannot retire");
  });
  CHECK(child.summary() == "exit 0");
  h.reset_protection();
  d.clean_up();
  CHECK(not_once(objects) == 0);
}

TEST_CASE("a child loses nothing but what others were at, and does nothing twice", "[fork]") {
  domain d({.threshold = 256});
  std::atomic<bool> enough{false};
  constexpr int threads = 2;
  const auto n = static_cast<std::size_t>(scaled(100'000));
  std::vector<std::vector<object>> objects(threads);
  for (auto& some : objects) some = std::vector<object>(n);
  crew all;
  all.if_abandoned([&] { enough.store(true, std::memory_order_relaxed); });
  std::array<std::atomic<std::size_t>, threads> done{};
  for (std::size_t t = 0; t < threads; ++t) {
    all.add([&, t] {
      for (std::size_t i = 0; i < n && !enough.load(std::memory_order_relaxed); ++i) {
        objects[t][i].retire({}, d);
        done[t].store(i + 1, std::memory_order_relaxed);
      }
      // In a child ThreadSanitizer misses the join of a thread that is over.
      while (!enough.load(std::memory_order_relaxed)) std::this_thread::yield();
    });
  }
  for (int round = 0; round < scaled(30); ++round) {
    const outcome child = forked([&] {
      d.clean_up();
      int bad = 0;
      int lost = 0;
      for (std::size_t t = 0; t < threads; ++t) {
        const std::size_t retired = done[t].load(std::memory_order_relaxed);
        for (std::size_t i = 0; i < n; ++i) {
          const int runs = objects[t][i].runs.load(std::memory_order_relaxed);
          bad |= unless(runs <= 1, "an object was reclaimed twice");
          if (i < retired && runs == 0) ++lost;
        }
      }
      // A deleter that another thread was in is not called again.
      bad |= unless(lost <= threads, "objects are lost in the child");
      std::vector<object> own(300);
      for (object& o : own) o.retire({}, d);
      d.clean_up();
      return bad | unless(not_once(own) == 0, "the child cannot reclaim");
    });
    CHECK(child.summary() == "exit 0");
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(all.join() == "");
  d.clean_up();
}

TEST_CASE("fork() while threads begin and end", "[fork]") {
  domain d({.threshold = 256});
  std::atomic<bool> enough{false};
  std::atomic<long> left{0};
  crew one;
  one.if_abandoned([&] { enough.store(true, std::memory_order_relaxed); });
  one.add([&] {
    while (!enough.load(std::memory_order_relaxed)) {
      std::thread([&] {
        for (int i = 0; i < 300; ++i) {
          left.fetch_add(1, std::memory_order_relaxed);
          d.retire(&left, [](std::atomic<long>* x) { x->fetch_sub(1, std::memory_order_relaxed); });
        }
      }).join();
    }
  });
  for (int round = 0; round < scaled(100); ++round) {
    const outcome child = forked([&] {
      std::vector<object> own(300);
      for (object& o : own) o.retire({}, d);
      d.clean_up();
      return unless(not_once(own) == 0, "the child cannot reclaim") |
             unless(d.stats().pending < 1'000'000, "the child counts what is not there");
    });
    CHECK(child.summary() == "exit 0");
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(one.join() == "");
  d.clean_up();
  CHECK(left.load(std::memory_order_relaxed) == 0);
}

TEST_CASE("fork() in a deleter", "[fork]") {
  static domain d({.threshold = 256});
  static int inside = 0;
  static std::vector<object> objects(500);
  for (std::size_t i = 0; i < 100; ++i) objects[i].retire({}, d);
  d.retire(&inside, [](int* times) {
    ++*times;
    const outcome child = forked([times] {
      std::vector<object> more(600);
      for (object& o : more) o.retire({}, d);
      return unless(*times == 1, "the deleter was begun again");
    });
    if (child.summary() != "exit 0") *times += 100;
  });
  for (std::size_t i = 100; i < 500; ++i) objects[i].retire({}, d);
  d.clean_up();
  CHECK(inside == 1);
  CHECK(not_once(objects) == 0);
}

TEST_CASE("ten thousand short-lived threads that protect and retire") {
  domain d;
  const int n = scaled(10'000);
  std::atomic<long> left{0};
  std::atomic<int*> source{nullptr};
  const auto before = d.stats().pending;
  for (int i = 0; i < n; ++i) {
    std::thread([&] {
      const weir::hazard::local l(source);
      left.fetch_add(1, std::memory_order_relaxed);
      d.retire(&left, [](std::atomic<long>* x) { x->fetch_sub(1, std::memory_order_relaxed); });
    }).join();
  }
  CHECK(d.stats().pending <= before + std::size_t{2} * 4096 + 250);
  d.clean_up();
  CHECK(left == 0);
}

struct reads_late {
  std::atomic<object*>* from = nullptr;
  bool* protects = nullptr;
  ~reads_late() {
    if (from == nullptr) return;
    pointer h = make_pointer();
    object* const o = h.protect(*from);
    domain d;
    o->retire({}, d);
    d.clean_up();
    *protects = !o->reclaimed();
    h.reset_protection();
  }
};
thread_local reads_late late;

TEST_CASE("the destructors of a thread's objects may protect and retire") {
  object o;
  std::atomic<object*> source{&o};
  bool protects = false;
  std::thread([&] {
    late.from = &source;
    late.protects = &protects;
    const pointer h = make_pointer();
  }).join();
  CHECK(protects);
  CHECK(o.runs == 1);
}

TEST_CASE("a signal handler may protect, in the middle of whatever its thread does") {
  static std::atomic<object*> source{nullptr};
  static std::atomic<int> read{0};
  static std::atomic<int> failed{0};
  static object o;
  source.store(&o, std::memory_order_release);
  pointer first = make_pointer();
  struct sigaction a = {};
  a.sa_handler = [](int) {
    const weir::hazard::local l(source);
    pointer h = make_pointer();
    const bool as_it_should = h.protect(source) == &o && l.get() == &o;
    (as_it_should ? read : failed).fetch_add(1, std::memory_order_relaxed);
  };
  struct sigaction before = {};
  ::sigaction(SIGUSR1, &a, &before);
  ::raise(SIGUSR1);
  CHECK(read == 1);
  // Signals from another thread, at every moment of making, protecting and dropping.
  const auto self = ::pthread_self();
  std::atomic<bool> enough{false};
  crew one;
  one.add([&] {
    for (int i = 0; i < scaled(2'000) && !enough.load(std::memory_order_relaxed); ++i) {
      ::pthread_kill(self, SIGUSR1);
      std::this_thread::yield();
    }
    enough.store(true, std::memory_order_relaxed);
  });
  object other;
  std::atomic<object*> mine{&other};
  long wrong = 0;
  while (!enough.load(std::memory_order_relaxed)) {
    pointer h = make_pointer();
    wrong += h.protect(mine) == &other ? 0 : 1;
    weir::hazard::detail::in_use used;
    used.look();
    wrong += used.holds(&other) ? 0 : 1;
  }
  CHECK(one.join() == "");
  CHECK(wrong == 0);
  CHECK(failed == 0);
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST_CASE("misuse that the caller can see is told") {
  if (!with_checks()) return;
  const outcome null = forked([] {
    weir::hazard::retire(static_cast<int*>(nullptr));
    return 0;
  });
  CHECK_FALSE(null.exited);
  CHECK(null.text.find("a null pointer is retired") != std::string::npos);
  const outcome empty = forked([] {
    std::atomic<object*> source{nullptr};
    pointer h;
    static_cast<void>(h.protect(source));
    return 0;
  });
  CHECK_FALSE(empty.exited);
  CHECK(empty.text.find("an empty hazard pointer is to protect something") != std::string::npos);
  const outcome deleter = forked([] {
    static domain d;
    d.retire(&d, [](domain* x) { x->clean_up(); });
    d.clean_up();
    return 0;
  });
  CHECK_FALSE(deleter.exited);
  CHECK(deleter.text.find("clean_up() of a domain of hazard pointers inside a deleter") != std::string::npos);
  const outcome domain_goes = forked([] {
    object o;
    pointer h = make_pointer();
    h.reset_protection(&o);
    domain d;
    o.retire({}, d);
    return 0;
  });
  CHECK_FALSE(domain_goes.exited);
  CHECK(domain_goes.text.find("a domain of hazard pointers is destroyed while") != std::string::npos);
  const outcome cohort_goes = forked([] {
    object o;
    pointer h = make_pointer();
    h.reset_protection(&o);
    cohort c;
    o.retire(c);
    return 0;
  });
  CHECK_FALSE(cohort_goes.exited);
  CHECK(cohort_goes.text.find("a cohort is destroyed while") != std::string::npos);
  const outcome outside = forked([] {
    auto a = weir::hazard::make_array<2>();
    static_cast<void>(a[2].empty());
    return 0;
  });
  CHECK_FALSE(outside.exited);
  CHECK(outside.text.find("has no pointer of that number") != std::string::npos);
}

}  // namespace
