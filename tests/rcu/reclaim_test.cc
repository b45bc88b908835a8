// Who reclaims, when, and in which order: cases that went wrong once, or nearly.
#include <array>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/barrier/port.h"
#include "weir/rcu/qsbr.h"
#include "weir/rcu/ready.h"
#include "weir/rcu/retire.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
using weir::rcu::domain;
using weir::rcu::domain_base;
using weir::rcu::grace_period;
using weir::rcu::qsbr_domain;
using weir::rcu::reader;
using weir::rcu::ready;
using weir::rcu::reclaimer;
using weir::rcu::retired;

void must_retire(domain_base& d, void* object, void (*run)(void*)) {
  if (!d.try_retire(object, run)) std::abort();
}
void count(void* n) { static_cast<std::atomic<int>*>(n)->fetch_add(1, std::memory_order_relaxed); }

TEST_CASE("retire() inside a section runs no deleter: it might synchronize") {
  for (const reclaimer by : {reclaimer::in_place, reclaimer::background}) {
    static domain* where = nullptr;
    domain d({.by = by, .limit = 200});
    where = &d;
    std::atomic<int> runs{0};
    const int n = scaled(1'000);
    for (int i = 0; i < n; ++i) {
      if (i % 100 == 99) d.synchronize();
      const reader r(d);
      must_retire(d, &runs, [](void* c) {
        where->synchronize();
        count(c);
      });
    }
    d.barrier();
    CHECK(runs.load(std::memory_order_relaxed) == n);
  }
}

TEST_CASE("a deleter of a quiescent-state domain may synchronize, and takes nobody's protection away") {
  static qsbr_domain* where = nullptr;
  qsbr_domain d({.by = reclaimer::in_place, .limit = 200});
  where = &d;
  std::atomic<int> runs{0};
  d.online();
  for (int i = 0; i < 1'000; ++i) {
    const grace_period p = d.start_poll();
    must_retire(d, &runs, [](void* c) {
      where->synchronize();
      count(c);
    });
    REQUIRE_FALSE(d.poll(p));
    if (i % 100 == 99) d.synchronize();
  }
  d.offline();
  d.barrier();
  CHECK(runs.load(std::memory_order_relaxed) == 1'000);
}

TEST_CASE("what is counted is given back, whichever way it went") {
  domain d;
  std::atomic<int> runs{0};
  const int threads = scaled(60);
  for (int round = 0; round < 5; ++round) {
    gate all;
    crew crowd;
    crowd.if_abandoned([&] { all.open(); });
    for (int t = 0; t < threads; ++t) {
      crowd.add([&, t] {
        for (int i = 0; i <= t * 10; ++i) must_retire(d, &runs, &count);
        all.pass();
      });
    }
    REQUIRE(all.await(threads));
    all.open();
    CHECK(crowd.join() == "");
    d.barrier();
    CHECK(d.stats().pending == 0);
  }
  CHECK(d.stats().exceeded == 0);
}

TEST_CASE("the background thread comes for what many idle threads have retired, each a little") {
  domain d({.linger = 1ms});
  std::atomic<int> runs{0};
  gate all;
  crew crowd;
  crowd.if_abandoned([&] { all.open(); });
  constexpr int threads = 40;
  for (int t = 0; t < threads; ++t) {
    crowd.add([&] {
      must_retire(d, &runs, &count);
      all.pass();
    });
  }
  REQUIRE(all.await(threads));
  CHECK(eventually([&] { return runs.load(std::memory_order_relaxed) == threads; }));
  all.open();
  CHECK(crowd.join() == "");
}

TEST_CASE("what poll_ready() has handed out and got back is reclaimed all the same") {
  domain d({.linger = 1ms});
  std::atomic<int> runs{0};
  for (int i = 0; i < 20; ++i) {
    must_retire(d, &runs, &count);
    static_cast<void>(d.poll_ready().empty());
    static_cast<void>(d.poll_ready().empty());
  }
  CHECK(eventually([&] { return runs.load(std::memory_order_relaxed) == 20; }));
}

TEST_CASE("one thread's objects are handed out in the order in which they were retired") {
  domain d({.by = reclaimer::by_hand});
  static std::vector<int> seen;
  seen.clear();
  std::array<int, 600> numbers{};
  for (int i = 0; i < 600; ++i) {
    numbers[static_cast<std::size_t>(i)] = i;
    must_retire(d, &numbers[static_cast<std::size_t>(i)], [](void* n) { seen.push_back(*static_cast<int*>(n)); });
  }
  std::thread([&] {
    while (seen.size() < 600) {
      for (ready some = d.poll_ready(); !some.empty();) {
        const retired one = some.pop();
        one.run(one.object);
      }
    }
  }).join();
  for (std::size_t i = 0; i < seen.size(); ++i) REQUIRE(seen[i] == static_cast<int>(i));
}

// An executor that keeps what it is given until the test runs it.
struct kept_work {
  std::vector<std::function<void()>> given;
  int refuse = 0;
  static bool execute(void* self, void (*work)(void*), void* argument) {
    auto& k = *static_cast<kept_work*>(self);
    if (k.refuse > 0) {
      --k.refuse;
      return false;
    }
    k.given.emplace_back([=] { work(argument); });
    return true;
  }
  void run_all() {
    while (!given.empty()) {
      const std::function<void()> one = given.back();
      given.pop_back();
      std::thread(one).join();
    }
  }
};

TEST_CASE("an executor gets more work as long as there is something to wait for") {
  kept_work work;
  domain d({.by = reclaimer::executor, .limit = 800, .execute = &kept_work::execute, .context = &work});
  std::atomic<int> runs{0};
  for (int i = 0; i < 201; ++i) must_retire(d, &runs, &count);
  d.synchronize();
  for (int i = 0; i < 200; ++i) must_retire(d, &runs, &count);
  work.run_all();
  CHECK(runs.load(std::memory_order_relaxed) == 401);
}

TEST_CASE("a domain that ends gives no more work away") {
  kept_work work;
  work.refuse = 1;
  std::atomic<int> runs{0};
  static domain* where = nullptr;
  {
    domain d({.by = reclaimer::executor, .limit = 8, .execute = &kept_work::execute, .context = &work});
    where = &d;
    must_retire(d, &runs, [](void* c) {
      count(c);
      must_retire(*where, c, [](void* again) {
        count(again);
        must_retire(*where, again, &count);
      });
    });
    work.run_all();
  }
  CHECK(work.given.empty());
  CHECK(runs.load(std::memory_order_relaxed) == 3);
}

TEST_CASE("fork() while a thread without a number runs deleters: the child goes on after the one that it was in",
          "[fork]") {
  if (weir::port::under_tsan) return;  // which allows no new threads in such a child
  static domain d;
  static gate inside;
  static std::atomic<int> runs{0};
  std::thread([&] {
    must_retire(d, &runs, [](void*) { inside.pass(); });
    must_retire(d, &runs, &count);
  }).join();
  REQUIRE(inside.await(1));
  const outcome child = forked([] {
    d.barrier();
    return unless(runs.load(std::memory_order_relaxed) == 1, "the child has not run what was left");
  });
  CHECK(child.summary() == "exit 0");
  inside.open();
  d.barrier();
  CHECK(runs.load(std::memory_order_relaxed) == 1);
}

TEST_CASE("a deleter may end the process", "[fork]") {
  const outcome child = forked([] {
    static domain d({.by = reclaimer::in_place});
    static std::atomic<int> runs{0};
    for (int i = 0; i < 800; ++i) {
      must_retire(d, &runs, [](void*) {
        if (runs.fetch_add(1, std::memory_order_relaxed) == 0) std::exit(5);
      });
      if (i % 240 == 0) d.synchronize();
    }
    d.barrier();
    return 1;
  });
  CHECK(child.summary().substr(0, 6) == "exit 5");
}

TEST_CASE("a deleter may end the process, beside a thread that goes on retiring", "[fork]") {
  if (weir::port::under_tsan) return;  // for it, threads that run at exit() are leaked
  const outcome child = forked([] {
    static domain d({.linger = 1ms});
    static std::atomic<int> runs{0};
    must_retire(d, &runs, [](void*) { std::exit(7); });
    must_retire(d, &runs, &count);
    while (runs.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
    return 1;
  });
  CHECK(child.summary().substr(0, 6) == "exit 7");
}

TEST_CASE("fork() in a deleter that runs because room was made: both go on", "[fork]") {
  domain d({.by = reclaimer::in_place, .limit = 1'000});
  static int forks = 0;
  static outcome child;
  std::atomic<int> runs{0};
  const auto go_on = [&] {
    for (int i = 0; i < 3'000; ++i) must_retire(d, &runs, &count);
    d.barrier();
    return unless(d.stats().pending <= 1'000, "the counts are wrong");
  };
  static const std::function<int()> in_child = go_on;
  for (int i = 0; i < 3'000; ++i) {
    must_retire(d, &runs, [](void* c) {
      count(c);
      if (forks++ == 300) child = forked([] { return 0; });
    });
  }
  d.barrier();
  CHECK(child.summary() == "exit 0");
  CHECK(go_on() == 0);
  const outcome after = forked(in_child);
  CHECK(after.summary() == "exit 0");
}

// Uses its domain when that one's thread has ended with the process.
domain the_last({.help = false});
std::atomic<int> late_runs{0};
struct late_user {
  bool active = false;
  ~late_user() {
    if (!active) return;
    must_retire(the_last, &late_runs, &count);
    bool held_up = false;
    {
      const reader r(the_last);
      held_up = !the_last.poll(the_last.start_poll());
    }
    the_last.barrier();
    if (!held_up) std::_Exit(8);
    if (late_runs.load(std::memory_order_relaxed) == 2) std::_Exit(6);
  }
};
late_user the_late_user;

TEST_CASE("a domain whose thread has ended with the process can be used by destructors of static objects", "[fork]") {
  const outcome child = forked([] {
    the_late_user.active = true;
    must_retire(the_last, &late_runs, &count);
    std::exit(1);
    return 1;
  });
  CHECK(child.summary().substr(0, 6) == "exit 6");
}

TEST_CASE("threads that end while their domain does: all is run") {
  for (int i = 0; i < scaled(300); ++i) {
    std::atomic<int> runs{0};
    auto d = std::make_unique<domain>();
    std::atomic<int> used{0};
    crew threads;
    for (int t = 0; t < 3; ++t) {
      threads.add([&] {
        must_retire(*d, &runs, &count);
        used.fetch_add(1, std::memory_order_release);
      });
    }
    while (used.load(std::memory_order_acquire) != 3) std::this_thread::yield();
    d.reset();
    CHECK(runs.load(std::memory_order_relaxed) == 3);
    CHECK(threads.join() == "");
  }
}

}  // namespace
