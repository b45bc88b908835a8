// Property: of what threads put into a structure nothing is lost and nothing comes out twice, and what one thread puts
// into a queue stays in order; no node is used after its end, and all are reclaimed.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/structures/kinds.h"
#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"

namespace {

using namespace weir::structures;
using weir::test::crew;
using weir::test::fail;
using weir::test::scaled;

// Runs `body` with a scheme, and looks whether all nodes have gone, in time.
template <class Scheme, class Body>
void with(Body body) {
  {
    Scheme scheme;
    body(scheme);
    scheme.settle();
  }
  CHECK(census::living.load(std::memory_order_relaxed) == 0);  // no other thread is here
  CHECK(census::misused.load(std::memory_order_relaxed) == 0);
}

// 0, 1, 2, ... each once?
bool are_all_once(std::vector<int> values, std::size_t count) {
  if (values.size() != count) return false;
  std::sort(values.begin(), values.end());
  std::vector<int> wanted(count);
  std::iota(wanted.begin(), wanted.end(), 0);
  return values == wanted;
}

std::vector<int> joined(const std::vector<std::vector<int>>& parts) {
  std::vector<int> all;
  for (const std::vector<int>& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// Each thread pushes and pops, in turns or in bursts.
template <template <class, class> class Structure, class Scheme>
void mixed(int threads, int each) {
  with<Scheme>([&](Scheme& scheme) {
    Structure<int, Scheme> all(scheme);
    std::vector<std::vector<int>> popped(static_cast<std::size_t>(threads) + 1);
    crew c;
    for (int t = 0; t < threads; ++t) {
      c.add([&, t] {
        std::minstd_rand random(static_cast<unsigned>(t) + 1);
        schedule::jitter(static_cast<std::uint32_t>(t), 500);
        std::vector<int>& mine = popped[static_cast<std::size_t>(t)];
        for (int i = 0; i < each;) {
          const int burst = std::min(each - i, static_cast<int>(random() % 8));
          for (int k = 0; k < burst; ++k) all.push(t * each + i++);
          for (int k = 0; k < 4; ++k) {
            if (const std::optional<int> value = all.pop()) mine.push_back(*value);
          }
        }
      });
    }
    CHECK(c.join() == "");
    while (const std::optional<int> value = all.pop()) popped.back().push_back(*value);
    CHECK(are_all_once(joined(popped), static_cast<std::size_t>(threads * each)));
  });
}

// Two that push, two that pop.
template <class Scheme>
void in_order(int each) {
  with<Scheme>([&](Scheme& scheme) {
    queue<int, Scheme> all(scheme);
    std::vector<std::vector<int>> popped(2);
    std::atomic<int> pushing{2};
    crew c;
    for (int t = 0; t < 2; ++t) {
      c.add([&, t] {
        schedule::jitter(static_cast<std::uint32_t>(t), 500);
        for (int i = 0; i < each; ++i) all.push(t * each + i);
        // [pushed] Release: all that the thread pushes is in the queue. Pairs with the acquire below.
        pushing.fetch_sub(1, std::memory_order_release);
      });
      c.add([&, t] {
        schedule::jitter(static_cast<std::uint32_t>(t) + 2, 500);
        std::vector<int>& mine = popped[static_cast<std::size_t>(t)];
        int next[2] = {0, each};  // of each thread that pushes, what may come at least
        for (;;) {
          // [pushed] Acquire, before the look at the queue: where that finds nothing after all was pushed, nothing will
          // come, whether all has come or not.
          const bool over = pushing.load(std::memory_order_acquire) == 0;
          const std::optional<int> value = all.pop();
          if (!value) {
            if (over) return;
            continue;
          }
          int& least = next[*value / each];
          if (*value < least) fail("the values of one thread came out of order");
          least = *value + 1;
          mine.push_back(*value);
        }
      });
    }
    CHECK(c.join() == "");
    CHECK(are_all_once(joined(popped), static_cast<std::size_t>(2 * each)));
    CHECK(all.pop() == std::nullopt);
  });
}

// Each inserts, erases and looks for a few keys. A value tells its key, and by whom it was inserted for which time.
template <class All, class Scheme>
void of_few_keys(All& all, int threads, int each) {
  constexpr int keys = 16;
  struct tally {
    std::vector<int> inserted;
    std::vector<int> erased;
  };
  std::vector<tally> of(static_cast<std::size_t>(threads) + 1);
  crew c;
  for (int t = 0; t < threads; ++t) {
    c.add([&, t] {
      std::minstd_rand random(static_cast<unsigned>(t) + 1);
      schedule::jitter(static_cast<std::uint32_t>(t), 500);
      tally& mine = of[static_cast<std::size_t>(t)];
      for (int i = 0; i < each; ++i) {
        const int key = static_cast<int>(random() / 7 % keys);
        const int value = (i * threads + t) * keys + key;
        std::optional<int> seen;
        switch (random() / 7 % 4) {
          case 0:
            if (all.insert(key, value)) mine.inserted.push_back(value);
            break;
          case 1:
            seen = all.erase(key);
            if (seen) mine.erased.push_back(*seen);
            break;
          default: seen = all.find(key); break;
        }
        if (seen && *seen % keys != key) fail("a key has a value that was not inserted for it");
      }
    });
  }
  CHECK(c.join() == "");
  for (int key = 0; key < keys; ++key) {
    if (const std::optional<int> left = all.erase(key)) of.back().erased.push_back(*left);
    CHECK_FALSE(all.find(key).has_value());
  }
  std::vector<int> inserted;
  std::vector<int> erased;
  for (const tally& one : of) {
    inserted.insert(inserted.end(), one.inserted.begin(), one.inserted.end());
    erased.insert(erased.end(), one.erased.begin(), one.erased.end());
  }
  std::sort(inserted.begin(), inserted.end());
  std::sort(erased.begin(), erased.end());
  CHECK(inserted == erased);
  CHECK(std::adjacent_find(erased.begin(), erased.end()) == erased.end());
}

template <class Scheme>
void every_structure(int each) {
  for (const int threads : {2, 4}) {
    mixed<stack, Scheme>(threads, each);
    mixed<queue, Scheme>(threads, each);
    with<Scheme>([&](Scheme& scheme) {
      list<int, int, Scheme> all(scheme);
      of_few_keys<decltype(all), Scheme>(all, threads, each);
    });
    with<Scheme>([&](Scheme& scheme) {
      map<int, int, Scheme> all(scheme, 4);
      of_few_keys<decltype(all), Scheme>(all, threads, each);
    });
  }
  in_order<Scheme>(each);
}

TEMPLATE_TEST_CASE("what goes in comes out once", "", hazard_default, hazard_cohort, rcu_default, rcu_in_place) {
  every_structure<TestType>(scaled(60'000));
}

// Each retire() is a barrier or a period.
TEMPLATE_TEST_CASE("the same, reclaimed at once", "", hazard_at_once, rcu_at_once) {
  every_structure<TestType>(scaled(2'000));
}

TEMPLATE_TEST_CASE("the same, for long", "[.][long]", hazard_default, hazard_cohort, rcu_default, rcu_in_place) {
  every_structure<TestType>(scaled(3'000'000));
}
TEMPLATE_TEST_CASE("the same, for long, reclaimed at once", "[.][long]", hazard_at_once, rcu_at_once) {
  every_structure<TestType>(scaled(300'000));
}

}  // namespace
