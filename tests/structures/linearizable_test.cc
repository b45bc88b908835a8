// Property: every history of a few threads has an order that a sequential structure agrees with, and no node is used
// after its end, with each scheme.
//
// In schedules, which a seed replays, and in threads that run freely, which it only perturbs. What reclaims at once
// finds more in schedules; what is left of it in memory (hazard_buried, rcu_buried) is looked at instead of being
// reused.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/structures/kinds.h"
#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"

namespace {

using namespace weir::structures;
using weir::test::crew;
using weir::test::scaled;

// What each thread does: 2 or 3 threads, 3 to 5 operations each.
template <class Kind>
std::vector<history> programs(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<history> all(2 + random() % 2);
  int n = 0;
  for (history& one : all) {
    const std::size_t operations = 3 + random() % 3;
    while (one.size() < operations) one.push_back(Kind::draw(static_cast<std::uint32_t>(random()), ++n));
  }
  return all;
}

// The history that comes of it, if it is wrong; else nothing.
template <class Model>
std::string verdict(std::uint32_t seed, const recorder& r) {
  const history h = r.all();
  return linearizable<Model>(h) ? "" : "seed " + std::to_string(seed) + " is not linearizable:\n" + text_of(h);
}

template <class Kind, class Scheme>
std::string scheduled(std::uint32_t seed) {
  const std::vector<history> plan = programs<Kind>(seed);
  recorder r(plan.size());
  {
    Scheme scheme;
    typename Kind::template subject<Scheme> all(scheme);
    std::vector<std::function<void()>> bodies;
    for (std::size_t i = 0; i < plan.size(); ++i) {
      bodies.emplace_back([&, i] {
        for (const operation& o : plan[i]) r.record(i, o, [&](const operation& now) { return all.perform(now); });
      });
    }
    schedule::run(seed, bodies);
  }
  graveyard::clear();
  return verdict<typename Kind::model>(seed, r);
}

template <class Kind, class Scheme>
void schedules(std::uint32_t first, int seeds) {
  for (int i = 0; i < seeds; ++i) {
    const std::uint32_t seed = first + static_cast<std::uint32_t>(i);
    REQUIRE(scheduled<Kind, Scheme>(seed) == "");
    INFO("seed " << seed);
    REQUIRE(census::dead_used.load(std::memory_order_relaxed) == 0);  // no other thread is here
  }
}

// The same threads for all seeds, each begun together.
template <class Kind, class Scheme>
void freely(std::uint32_t first, int seeds) {
  struct round {
    explicit round(std::uint32_t s) : seed(s), plan(programs<Kind>(s)), records(plan.size()), all(scheme) {}
    std::uint32_t seed;
    std::vector<history> plan;
    recorder records;
    Scheme scheme;
    typename Kind::template subject<Scheme> all;
  };
  for (int i = 0; i < seeds; i += 20) {
    std::deque<round> rounds;
    for (int k = i; k < i + 20; ++k) rounds.emplace_back(first + static_cast<std::uint32_t>(k));
    std::vector<std::atomic<std::size_t>> arrived(rounds.size());
    crew threads;
    for (std::size_t t = 0; t < 3; ++t) {
      threads.add([&, t] {
        schedule::jitter(first + static_cast<std::uint32_t>(t), 8);
        for (std::size_t k = 0; k < rounds.size(); ++k) {
          // Relaxed: what the others do is ordered by the history's clock, and what the main thread has made by the
          // start of this one.
          arrived[k].fetch_add(1, std::memory_order_relaxed);
          while (arrived[k].load(std::memory_order_relaxed) < 3) std::this_thread::yield();
          round& now = rounds[k];
          if (t >= now.plan.size()) continue;
          for (const operation& o : now.plan[t]) {
            now.records.record(t, o, [&](const operation& what) { return now.all.perform(what); });
          }
        }
      });
    }
    REQUIRE(threads.join() == "");
    for (const round& r : rounds) REQUIRE(verdict<typename Kind::model>(r.seed, r.records) == "");
  }
  CHECK(census::dead_used.load(std::memory_order_relaxed) == 0);  // no other thread is here
}

template <class Kind>
void every_scheme(std::uint32_t first, int seeds) {
  schedules<Kind, hazard_buried>(first, seeds);
  schedules<Kind, hazard_at_once>(first, seeds);
  schedules<Kind, rcu_buried>(first, seeds);
  schedules<Kind, rcu_at_once>(first, seeds);
  freely<Kind, hazard_default>(first, seeds);
  freely<Kind, hazard_at_once>(first, seeds);
  freely<Kind, rcu_default>(first, seeds);
  freely<Kind, rcu_at_once>(first, seeds);
}

TEMPLATE_TEST_CASE("any seed: every history is linearizable", "", a_stack, a_queue, a_set, a_map) {
  every_scheme<TestType>(1, scaled(300));
}

TEMPLATE_TEST_CASE("the same, for long", "[.][long]", a_stack, a_queue, a_set, a_map) {
  every_scheme<TestType>(10'000, scaled(20'000));
}

// --- What shows that the above would notice --------------------------------------------------------------------------

TEMPLATE_TEST_CASE("schedules notice that nothing is protected", "", a_stack, a_queue, a_set, a_map) {
  for (std::uint32_t seed = 1; seed < 10'000 && census::dead_used.load(std::memory_order_relaxed) == 0; ++seed) {
    static_cast<void>(scheduled<TestType, not_protected>(seed));
  }
  CHECK(census::dead_used.exchange(0, std::memory_order_relaxed) > 0);  // no other thread is here
}

// Wrong: between the look at the top and the change of it another thread may come in.
template <class T, class Scheme>
class stack_without_exchange {
 public:
  explicit stack_without_exchange(Scheme&) {}
  void push(T value) {
    std::vector<T> next = all_;
    next.push_back(value);
    schedule::point();
    all_ = next;
  }
  std::optional<T> pop() {
    if (all_.empty()) return std::nullopt;
    const T top = all_.back();
    schedule::point();
    if (!all_.empty()) all_.pop_back();
    return top;
  }

 private:
  std::vector<T> all_;
};

TEST_CASE("schedules notice that two threads change a structure at once") {
  int refused = 0;
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    const std::string said = scheduled<of_values<stack_without_exchange, stack_model>, hazard_at_once>(seed);
    // A seed replays.
    REQUIRE(scheduled<of_values<stack_without_exchange, stack_model>, hazard_at_once>(seed) == said);
    refused += said.empty() ? 0 : 1;
  }
  CHECK(refused > 0);
}

}  // namespace
