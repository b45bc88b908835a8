// Property: what is retired is reclaimed exactly once, by whomever, and before clean_up() returns if nothing protects
// it; and there is never more of it than the stated bound.
#include "weir/hazard/retire.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/hazard/object.h"
#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/pool.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/hazard/pointer.h"

namespace {

using namespace weir::test;
using weir::hazard::domain;
using weir::hazard::make_pointer;
using weir::hazard::options;
using weir::hazard::pointer;

struct kind {
  std::string name;
  options how;
};

std::vector<kind> kinds() {
  std::vector<kind> all;
  for (const std::size_t threshold : {0U, 1000U, 4096U}) {
    const std::string tail = "threshold " + std::to_string(threshold);
    all.push_back({tail, {.threshold = threshold}});
    all.push_back({tail + ", executor", {.threshold = threshold, .execute = &pool::execute, .context = &pool::one()}});
  }
  return all;
}

TEST_CASE("every object is reclaimed exactly once before clean_up() returns") {
  for (const kind& k : kinds()) {
    INFO(k.name);
    domain d(k.how);
    const int each = scaled(10'000);
    constexpr int threads = 3;
    std::vector<object> objects(static_cast<std::size_t>(each) * threads);
    crew all;
    for (int t = 0; t < threads; ++t) {
      all.add([&, t] {
        for (int i = 0; i < each; ++i) {
          objects[static_cast<std::size_t>(t) * static_cast<std::size_t>(each) + static_cast<std::size_t>(i)].retire({},
                                                                                                                     d);
          if (i % 3000 == 2999) d.clean_up();
        }
      });
    }
    CHECK(all.join() == "");
    d.clean_up();
    CHECK(not_once(objects) == 0);
    CHECK(d.stats().pending == 0);
    CHECK(d.stats().scans > 0);
  }
}

TEST_CASE("the bound holds while readers stall, and those keep no more than what they protect") {
  constexpr std::size_t threshold = 300;
  constexpr std::size_t threads = 3;
  constexpr std::size_t stalled = 40;
  domain d({.threshold = threshold});
  std::vector<object> kept(stalled);
  std::vector<pointer> readers;
  for (object& o : kept) {
    readers.push_back(make_pointer());
    readers.back().reset_protection(&o);
  }
  std::atomic<long> unreclaimed{0};
  std::atomic<long> most{0};
  struct counting {
    std::atomic<long>* n;
  };
  const int each = scaled(20'000);
  std::vector<counting> others(threads * static_cast<std::size_t>(each), counting{&unreclaimed});
  for (object& o : kept) o.retire({}, d);
  crew all;
  for (std::size_t t = 0; t < threads; ++t) {
    all.add([&, t] {
      for (int i = 0; i < each; ++i) {
        const long now = unreclaimed.fetch_add(1, std::memory_order_relaxed) + 1;
        long seen = most.load(std::memory_order_relaxed);
        while (now > seen && !most.compare_exchange_weak(seen, now, std::memory_order_relaxed)) {
        }
        d.retire(&others[t * static_cast<std::size_t>(each) + static_cast<std::size_t>(i)],
                 [](counting* c) { c->n->fetch_sub(1, std::memory_order_relaxed); });
      }
    });
  }
  CHECK(all.join() == "");
  // Three threads, and the one that has retired what is kept.
  CHECK(most.load(std::memory_order_relaxed) <= static_cast<long>(threads * (2 * threshold + 250)));
  CHECK(reclaimed(kept) == 0);
  d.clean_up();
  CHECK(unreclaimed == 0);
  CHECK(d.stats().pending == stalled);
  CHECK(d.stats().protected_now >= stalled);
  readers.clear();
  d.clean_up();
  CHECK(not_once(kept) == 0);
}

// Each node retires the next one when it is reclaimed.
struct chained : weir::hazard::obj_base<chained, void (*)(chained*)> {
  domain* d = nullptr;
  chained* next = nullptr;
  std::atomic<int>* running = nullptr;
  int* deepest = nullptr;
  int* count = nullptr;

  static void run(chained* c) {
    const int now = c->running->fetch_add(1, std::memory_order_relaxed) + 1;
    *c->deepest = std::max(*c->deepest, now);
    ++*c->count;
    if (c->next != nullptr) c->next->retire(&run, *c->d);
    c->running->fetch_sub(1, std::memory_order_relaxed);
  }
};

TEST_CASE("a deleter may retire, and long chains do not recurse") {
  domain d({.threshold = 256});
  std::atomic<int> depth{0};
  int deepest = 0;
  int count = 0;
  std::vector<chained> all(static_cast<std::size_t>(scaled(5'000)));
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].d = &d;
    all[i].next = i + 1 < all.size() ? &all[i + 1] : nullptr;
    all[i].running = &depth;
    all[i].deepest = &deepest;
    all[i].count = &count;
  }
  all[0].retire(&chained::run, d);
  while (d.stats().pending != 0) d.clean_up();
  CHECK(count == static_cast<int>(all.size()));
  CHECK(deepest == 1);
}

TEST_CASE("a domain reclaims what is left when it goes, and what that retires") {
  std::atomic<int> depth{0};
  int deepest = 0;
  int count = 0;
  std::vector<chained> all(1'000);
  std::vector<object> objects(1'000);
  {
    domain d;
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].d = &d;
      all[i].next = i + 1 < all.size() ? &all[i + 1] : nullptr;
      all[i].running = &depth;
      all[i].deepest = &deepest;
      all[i].count = &count;
    }
    all[0].retire(&chained::run, d);
    std::thread([&] {
      for (object& o : objects) o.retire({}, d);
    }).join();
  }
  CHECK(count == 1'000);
  CHECK(deepest == 1);
  CHECK(not_once(objects) == 0);
}

TEST_CASE("two domains that retire into each other") {
  int left = 2'000;
  {
    static domain* a = nullptr;
    static domain* b = nullptr;
    domain first;
    domain second;
    a = &first;
    b = &second;
    struct bouncing : weir::hazard::obj_base<bouncing, void (*)(bouncing*)> {
      int* left = nullptr;
      static void in_a(bouncing* x) {
        if (--*x->left > 0) x->retire(&in_b, *b);
      }
      static void in_b(bouncing* x) {
        if (--*x->left > 0) x->retire(&in_a, *a);
      }
    };
    bouncing one;
    one.left = &left;
    one.retire(&bouncing::in_a, first);
    while (left > 0) {
      first.clean_up();
      second.clean_up();
    }
  }
  CHECK(left == 0);
}

TEST_CASE("clean_up() reclaims what other threads have retired and not handed over") {
  domain d;
  std::vector<object> objects(700);
  gate parked;
  crew one;
  one.if_abandoned([&] { parked.open(); });
  one.add([&] {
    for (object& o : objects) o.retire({}, d);
    parked.pass();
    for (int i = 0; i < 700; ++i) d.retire(new int(i));  // goes on with the segment that was emptied
  });
  REQUIRE(parked.await(1));
  for (int i = 0; i < 3; ++i) d.clean_up();
  CHECK(not_once(objects) == 0);
  CHECK(d.stats().pending == 0);
  parked.open();
  CHECK(one.join() == "");
  d.clean_up();
  CHECK(d.stats().pending == 0);
}

TEST_CASE("clean_up() waits for what another thread is reclaiming") {
  domain d({.threshold = 256});
  static gate inside;
  static std::atomic<bool> begun{false};
  std::vector<object> objects(200);
  std::atomic<bool> back{false};
  crew both;
  both.if_abandoned([] { inside.open(); });
  both.add([&] {
    d.retire(&inside, [](gate* g) { g->pass(); });
    for (object& o : objects) o.retire({}, d);
    d.clean_up();
  });
  REQUIRE(inside.await(1));
  both.add([&] {
    d.retire(&begun, [](std::atomic<bool>* b) { b->store(true, std::memory_order_relaxed); });
    d.clean_up();
    back.store(true, std::memory_order_relaxed);
    if (reclaimed(objects) != static_cast<int>(objects.size())) fail("clean_up() is back too early");
  });
  // It has taken what there was for it, and has nothing left to do but to wait.
  REQUIRE(eventually([&] { return begun.load(std::memory_order_relaxed); }));
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  CHECK_FALSE(back.load(std::memory_order_relaxed));
  inside.open();
  CHECK(both.join() == "");
  CHECK(not_once(objects) == 0);
}

TEST_CASE("an executor that refuses is asked again, and does not hold anything up") {
  static std::atomic<int> asked{0};
  domain d({.threshold = 256, .execute = [](void*, void (*)(void*), void*) {
              asked.fetch_add(1, std::memory_order_relaxed);
              return false;
            }});
  std::vector<object> objects(3'000);
  for (object& o : objects) o.retire({}, d);
  CHECK(asked.load(std::memory_order_relaxed) > 1);
  CHECK(d.stats().pending <= 2 * 256 + 250);
  d.clean_up();
  CHECK(not_once(objects) == 0);
}

TEST_CASE("an executor that does not come on does not break the bound") {
  static std::vector<std::pair<void (*)(void*), void*>> given;
  given.clear();
  std::vector<object> objects(3'000);
  {
    domain d({.threshold = 256, .execute = [](void*, void (*work)(void*), void* argument) {
                given.emplace_back(work, argument);
                return true;
              }});
    std::size_t largest = 0;
    for (object& o : objects) {
      o.retire({}, d);
      largest = std::max(largest, d.stats().pending);
    }
    CHECK(largest <= 2 * 256 + 250);
    CHECK(given.size() == 1);
    while (!given.empty()) {
      const auto [work, argument] = given.back();
      given.pop_back();
      work(argument);
    }
  }
  CHECK(not_once(objects) == 0);
}

TEST_CASE("domains go while threads that have used them end") {
  std::vector<object> objects(700);  // more than the threshold when the last segment comes to those of another thread
  for (int round = 0; round < scaled(300); ++round) {
    for (object& o : objects) o.runs.store(0, std::memory_order_relaxed);
    std::thread ending;
    gate retired;
    {
      domain d({.threshold = 256});
      ending = std::thread([&] {
        for (object& o : objects) o.retire({}, d);
        retired.pass();
      });
      if (!retired.await(1)) FAIL("a thread hangs");
      retired.open();
    }
    CHECK(not_once(objects) == 0);
    ending.join();
  }
}

TEST_CASE("what threads leave behind is reclaimed by those that stay") {
  domain d({.threshold = 256});
  std::vector<object> objects(static_cast<std::size_t>(scaled(3'000)));
  for (std::size_t i = 0; i < objects.size();) {
    std::thread([&] {
      for (int k = 0; k < 60 && i < objects.size(); ++k) objects[i++].retire({}, d);
    }).join();
  }
  const auto pending = d.stats().pending;
  CHECK(pending <= 2 * 256 + 250);  // the last one of those has reclaimed, at its end
  for (int i = 0; i < 600; ++i) d.retire(new int(i));
  d.clean_up();
  CHECK(not_once(objects) == 0);
}

TEST_CASE("types one cannot change, deleters with a state, odd addresses") {
  domain d;
  int freed = 0;
  auto text = std::make_unique<char[]>(5);
  for (int i = 0; i < 5; ++i) {
    weir::hazard::retire(
        &text[static_cast<std::size_t>(i)], [&freed](char*) { ++freed; }, d);
  }
  static int stateless = 0;
  for (int i = 0; i < 5; ++i) {
    weir::hazard::retire(
        &text[static_cast<std::size_t>(i)], [](char*) { ++stateless; }, d);
  }
  pointer h = make_pointer();
  h.reset_protection(&text[1]);
  pointer g = make_pointer();
  g.reset_protection(&text[2]);
  d.clean_up();
  CHECK(freed == 3);
  CHECK(stateless == 3);
  h.reset_protection();
  g.reset_protection();
  d.clean_up();
  CHECK(freed == 5);
  CHECK(stateless == 5);
  const int* const fixed = new int(1);
  d.retire(fixed);
  d.retire(new std::string("a"), [kept = std::make_unique<int>(1)](std::string* s) { delete s; });
}

}  // namespace
