// Property: what is retired is run exactly once, after every section that was open then, and before barrier() returns;
// whoever runs it, and however little may lie about.
#include "weir/rcu/retire.h"

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/pool.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/rcu/ready.h"

namespace {

using namespace weir::test;
using weir::rcu::domain;
using weir::rcu::grace_period;
using weir::rcu::options;
using weir::rcu::reader;
using weir::rcu::ready;
using weir::rcu::reclaimer;
using weir::rcu::retired;

// An object that counts how often it was run.
struct counted : weir::rcu::obj_base<counted, void (*)(counted*)> {
  std::atomic<int> runs{0};
  static void run(counted* c) { c->runs.fetch_add(1, std::memory_order_relaxed); }
};

struct kind {
  std::string name;
  options how;
};

// All reclaimers, and limits at which each object goes its way alone, many share a segment, or each thread has its own.
std::vector<kind> kinds() {
  std::vector<kind> all;
  for (const std::size_t limit : {1U, 40U, 2000U, 0U}) {
    const std::string tail = ", limit " + std::to_string(limit);
    all.push_back({"background" + tail, {.by = reclaimer::background, .limit = limit}});
    all.push_back({"background without help" + tail, {.by = reclaimer::background, .limit = limit, .help = false}});
    all.push_back({"in place" + tail, {.by = reclaimer::in_place, .limit = limit}});
    all.push_back({"by hand" + tail, {.by = reclaimer::by_hand, .limit = limit, .max_wait = {}}});
    all.push_back({"executor" + tail,
                   {.by = reclaimer::executor, .limit = limit, .execute = &pool::execute, .context = &pool::one()}});
  }
  return all;
}

TEST_CASE("every object is run exactly once before barrier() returns") {
  for (const kind& k : kinds()) {
    INFO(k.name);
    domain d(k.how);
    const int each = k.how.limit == 1 ? scaled(60) : scaled(3'000);
    constexpr int threads = 3;
    std::vector<counted> objects(static_cast<std::size_t>(each) * threads);
    crew all;
    for (int t = 0; t < threads; ++t) {
      all.add([&, t] {
        for (int i = 0; i < each; ++i) {
          const bool inside = i % 64 < 8;
          if (inside) d.lock();
          objects[static_cast<std::size_t>(t) * static_cast<std::size_t>(each) + static_cast<std::size_t>(i)].retire(
              &counted::run, d);
          if (inside) d.unlock();
          if (i % 1000 == 999) d.barrier();
        }
      });
    }
    CHECK(all.join() == "");
    d.barrier();
    int wrong = 0;
    for (const counted& c : objects) wrong += c.runs.load(std::memory_order_relaxed) == 1 ? 0 : 1;
    CHECK(wrong == 0);
    CHECK(d.stats().pending <= d.stats().peak);
  }
}

TEST_CASE("an object is not run while a section is open that was open when it was retired") {
  for (const kind& k : kinds()) {
    INFO(k.name);
    options how = k.how;
    how.max_wait = {};
    domain d(how);
    std::array<counted, 300> objects;
    gate inside;
    std::thread other([&] {
      const reader r(d);
      inside.pass();
    });
    REQUIRE(inside.await(1));
    for (counted& c : objects) c.retire(&counted::run, d);
    for (int i = 0; i < 50; ++i) {
      CHECK(d.poll_ready().empty());
      std::this_thread::yield();
    }
    for (const counted& c : objects) REQUIRE(c.runs.load(std::memory_order_relaxed) == 0);
    inside.open();
    other.join();
    d.barrier();
    for (const counted& c : objects) CHECK(c.runs.load(std::memory_order_relaxed) == 1);
  }
}

TEST_CASE("barrier() with nothing retired does not wait for readers") {
  domain d;
  gate inside;
  std::thread other([&] {
    const reader r(d);
    inside.pass();
  });
  REQUIRE(inside.await(1));
  d.barrier();
  inside.open();
  other.join();
}

TEST_CASE("a domain reclaims all that is left when it is destroyed") {
  for (const kind& k : kinds()) {
    INFO(k.name);
    std::array<counted, 300> objects;
    {
      options how = k.how;
      how.max_wait = {};
      domain d(how);
      std::thread([&] {
        for (std::size_t i = 0; i < 100; ++i) objects[i].retire(&counted::run, d);
      }).join();
      for (std::size_t i = 100; i < objects.size(); ++i) objects[i].retire(&counted::run, d);
    }
    for (const counted& c : objects) CHECK(c.runs.load(std::memory_order_relaxed) == 1);
  }
}

// A chain: each link's deleter retires the next one.
struct chained : weir::rcu::obj_base<chained, void (*)(chained*)> {
  domain* where[2] = {};
  chained* next = nullptr;
  int depth = 0;
  inline static thread_local int running = 0;
  inline static std::atomic<int> deepest{0};
  inline static std::atomic<int> runs{0};

  static void run(chained* c) {
    if (++running > deepest.load(std::memory_order_relaxed)) deepest.store(running, std::memory_order_relaxed);
    runs.fetch_add(1, std::memory_order_relaxed);
    if (c->next != nullptr) c->next->retire(&run, *c->where[c->depth % 2]);
    --running;
  }
};

TEST_CASE("deleters may retire, into their own domain or another's that does the same; they do not nest") {
  for (const kind& k : kinds()) {
    INFO(k.name);
    options how = k.how;
    how.max_wait = {};
    std::vector<chained> links(static_cast<std::size_t>(scaled(how.limit == 1 ? 20 : 100)));
    chained::runs.store(0, std::memory_order_relaxed);
    chained::deepest.store(0, std::memory_order_relaxed);
    domain a(how);
    domain b(how);
    for (std::size_t i = 0; i < links.size(); ++i) {
      links[i].where[0] = &a;
      links[i].where[1] = &b;
      links[i].depth = static_cast<int>(i);
      links[i].next = i + 1 < links.size() ? &links[i + 1] : nullptr;
    }
    links[0].retire(&chained::run, b);
    for (std::size_t i = 0; i < links.size(); ++i) {
      a.barrier();
      b.barrier();
    }
    CHECK(chained::runs.load(std::memory_order_relaxed) == static_cast<int>(links.size()));
    CHECK(chained::deepest.load(std::memory_order_relaxed) == 1);
  }
}

TEST_CASE("what threads have retired that are gone is reclaimed") {
  domain d;
  const auto n = static_cast<std::size_t>(scaled(500));
  std::vector<counted> objects(n);
  for (counted& c : objects) std::thread([&] { c.retire(&counted::run, d); }).join();
  d.barrier();
  for (const counted& c : objects) CHECK(c.runs.load(std::memory_order_relaxed) == 1);
}

TEST_CASE("the background thread comes for what an idle thread has retired") {
  domain d({.linger = std::chrono::milliseconds(1)});
  counted one;
  counted another;
  one.retire(&counted::run, d);
  CHECK(eventually([&] { return one.runs.load(std::memory_order_acquire) == 1; }));
  another.retire(&counted::run, d);
  CHECK(eventually([&] { return another.runs.load(std::memory_order_acquire) == 1; }));
}

TEST_CASE("without help no deleter runs on the thread that retires") {
  domain d({.by = reclaimer::background, .limit = 100, .max_wait = {}, .help = false});
  static thread_local bool retires = false;
  static std::atomic<int> here{0};
  static std::atomic<int> all{0};
  retires = true;
  int object = 0;
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(d.try_retire(&object, [](void*) {
      if (retires) here.fetch_add(1, std::memory_order_relaxed);
      all.fetch_add(1, std::memory_order_relaxed);
    }));
  }
  d.barrier();
  CHECK(here.load(std::memory_order_relaxed) == 0);
  CHECK(all.load(std::memory_order_relaxed) == 1000);
}

TEST_CASE("an executor may refuse, and is asked again") {
  static std::atomic<int> asked{0};
  domain d({.by = reclaimer::executor,
            .execute =
                [](void* p, void (*work)(void*), void* argument) {
                  return asked.fetch_add(1, std::memory_order_relaxed) % 3 == 2 && pool::execute(p, work, argument);
                },
            .context = &pool::one()});
  std::vector<counted> objects(static_cast<std::size_t>(scaled(2'000)));
  for (counted& c : objects) c.retire(&counted::run, d);
  d.barrier();
  for (const counted& c : objects) CHECK(c.runs.load(std::memory_order_relaxed) == 1);
}

TEST_CASE("poll_ready() hands out what is ready, in order, and takes back what is not popped") {
  domain d({.by = reclaimer::by_hand});
  std::array<counted, 10> objects;
  for (counted& c : objects) c.retire(&counted::run, d);
  std::size_t seen = 0;
  for (int round = 0; round < 4 && seen < objects.size(); ++round) {
    ready some = d.poll_ready();
    for (int i = 0; i < 4 && !some.empty(); ++i) {
      const retired one = some.pop();
      one.run(one.object);
      CHECK(objects[seen++].runs.load(std::memory_order_relaxed) == 1);
    }
  }
  CHECK(seen == objects.size());
  CHECK(d.poll_ready().empty());
  d.barrier();
}

// --- The forms with deleters
// -------------------------------------------------------------------------------------------

struct incomplete;
struct incomplete : weir::rcu::obj_base<incomplete> {};
static_assert(std::is_trivially_copyable_v<incomplete>);
static_assert(noexcept(std::declval<incomplete&>().retire()));

TEST_CASE("deleters: the default one, with a state, of const objects") {
  domain d;
  (new incomplete)->retire({}, d);
  auto kept = std::make_shared<int>(0);
  int calls = 0;
  weir::rcu::retire(
      new int(3),
      [kept, &calls](int* p) {
        delete p;
        ++calls;
      },
      d);
  CHECK(kept.use_count() == 2);
  const int* const constant = new const int(4);
  weir::rcu::retire(constant, std::default_delete<const int>(), d);
  d.barrier();
  CHECK(kept.use_count() == 1);
  CHECK(calls == 1);
}

TEST_CASE("readers never see what a deleter has poisoned") {
  for (const kind& k : kinds()) {
    if (k.how.limit == 40) continue;
    INFO(k.name);
    struct aged : weir::rcu::obj_base<aged> {
      int state = 1;
      ~aged() { *static_cast<volatile int*>(&state) = -1; }
    };
    options how = k.how;
    how.max_wait = std::chrono::milliseconds(1);
    domain d(how);
    std::atomic<aged*> current{new aged};
    std::atomic<bool> enough{false};
    std::atomic<int> wrong{0};
    crew threads;
    for (int i = 0; i < 2; ++i) {
      threads.add([&] {
        while (!enough.load(std::memory_order_relaxed)) {
          const reader r(d);
          const aged* const a = current.load(std::memory_order_acquire);
          for (int j = 0; j < 10; ++j) {
            if (*static_cast<const volatile int*>(&a->state) != 1) wrong.fetch_add(1, std::memory_order_relaxed);
          }
        }
      });
    }
    for (int i = 0; i < scaled(k.how.limit == 1 ? 100 : 2'000); ++i) {
      current.exchange(new aged, std::memory_order_acq_rel)->retire({}, d);
      if (i % 500 == 0) d.barrier();
    }
    enough.store(true, std::memory_order_relaxed);
    CHECK(threads.join() == "");
    CHECK(wrong.load(std::memory_order_relaxed) == 0);
    delete current.load(std::memory_order_relaxed);
  }
}

}  // namespace
