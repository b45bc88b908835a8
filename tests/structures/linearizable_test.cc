// Property: every history of a few threads has an order that a sequential structure agrees with, what is left behind
// at its end included; no node is used that may be gone, or retired twice, and all are reclaimed; with each scheme.
//
// In schedules, which a seed replays, and in threads that run freely, which it only perturbs. Schedules know the
// contract of hazard pointers itself (contract.h), and reclaimers that reclaim at once; what is left of it in memory
// (hazard_buried, rcu_buried) is looked at instead of being reused.
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

// What each thread does: 2 or 3 threads, 3 to 5 operations each; and last, what is done before them.
template <class Kind>
std::vector<history> programs(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<history> all(3 + random() % 2);
  int n = 0;
  all.back() = Kind::before(static_cast<std::uint32_t>(random()), n);
  for (std::size_t t = 0; t + 1 < all.size(); ++t) {
    const std::size_t operations = 3 + random() % 3;
    while (all[t].size() < operations) all[t].push_back(Kind::draw(static_cast<std::uint32_t>(random()), ++n));
  }
  return all;
}

// A structure, and what threads do with it. What was there before them, and what they leave behind, is part of the
// history.
template <class Kind, class Scheme>
class trial {
 public:
  explicit trial(std::uint32_t seed) : plan_(programs<Kind>(seed)), records_(plan_.size()), all_(scheme_) {
    run(threads());
  }

  [[nodiscard]] std::size_t threads() const { return plan_.size() - 1; }
  void run(std::size_t thread) { run(thread, plan_[thread]); }

  // When the threads are done. The history, if it is wrong; else nothing.
  [[nodiscard]] std::string verdict() {
    run(threads(), Kind::last_look(plan_));
    const history h = records_.all();
    return linearizable<typename Kind::model>(h) ? "" : "not linearizable:\n" + text_of(h);
  }

 private:
  void run(std::size_t thread, const history& operations) {
    for (const operation& o : operations) {
      records_.record(thread, o, [&](const operation& now) { return all_.perform(now); });
    }
  }

  std::vector<history> plan_;
  recorder records_;
  Scheme scheme_;
  typename Kind::template subject<Scheme> all_;
};

// When all trials have gone, and no other thread is here. What is wrong with the nodes that they had; else nothing.
std::string verdict_of_nodes() {
  const long misused = census::misused.exchange(0, std::memory_order_relaxed);
  const long left = census::living.exchange(0, std::memory_order_relaxed);
  if (misused == 0 && left == 0) return "";
  return std::to_string(misused) +
         " times a node was used after its end, or retired once more; not reclaimed: " + std::to_string(left) + "\n";
}

// What is wrong with what the seed says; nothing, if nothing is. Schemes that reclaim all at their end, if not before.
template <class Kind, class Scheme>
std::string scheduled(std::uint32_t seed) {
  std::string wrong;
  {
    trial<Kind, Scheme> t(seed);
    std::vector<std::function<void()>> bodies;
    for (std::size_t i = 0; i < t.threads(); ++i) bodies.emplace_back([&t, i] { t.run(i); });
    schedule::run(seed, bodies);
    wrong = t.verdict();
  }
  graveyard::clear();
  wrong += verdict_of_nodes();
  return wrong.empty() ? "" : "seed " + std::to_string(seed) + ": " + wrong;
}

template <class Kind, class Scheme>
void schedules(std::uint32_t first, int seeds) {
  for (int i = 0; i < seeds; ++i) {
    const std::uint32_t seed = first + static_cast<std::uint32_t>(i);
    REQUIRE(scheduled<Kind, Scheme>(seed) == "");
  }
}

// The same threads for all seeds, each begun together.
template <class Kind, class Scheme>
void freely(std::uint32_t first, int seeds) {
  for (int i = 0; i < seeds; i += 20) {
    std::deque<trial<Kind, Scheme>> trials;
    for (int k = i; k < i + 20; ++k) trials.emplace_back(first + static_cast<std::uint32_t>(k));
    std::vector<std::atomic<std::size_t>> arrived(trials.size());
    crew threads;
    for (std::size_t t = 0; t < 3; ++t) {
      threads.add([&, t] {
        schedule::jitter(first + static_cast<std::uint32_t>(t), 8);
        for (std::size_t k = 0; k < trials.size(); ++k) {
          // Relaxed: what the others do is ordered by the history's clock, and what the main thread has made by the
          // start of this one.
          arrived[k].fetch_add(1, std::memory_order_relaxed);
          while (arrived[k].load(std::memory_order_relaxed) < 3) std::this_thread::yield();
          if (t < trials[k].threads()) trials[k].run(t);
        }
      });
    }
    REQUIRE(threads.join() == "");
    for (std::size_t k = 0; k < trials.size(); ++k) {
      INFO("seed " << first + static_cast<std::uint32_t>(i) + k);
      REQUIRE(trials[k].verdict() == "");
    }
  }
  Scheme().settle();
  REQUIRE(verdict_of_nodes() == "");
}

template <class Kind>
void every_scheme(std::uint32_t first, int seeds) {
  schedules<Kind, strict>(first, seeds);
  schedules<Kind, hazard_buried>(first, seeds);
  schedules<Kind, hazard_at_once>(first, seeds);
  schedules<Kind, rcu_buried>(first, seeds);
  schedules<Kind, rcu_at_once>(first, seeds);
  freely<Kind, hazard_default>(first, seeds);
  freely<Kind, hazard_at_once>(first, seeds);
  freely<Kind, rcu_default>(first, seeds);
  freely<Kind, rcu_at_once>(first, seeds);
}

constexpr int default_seeds = 1'000;

TEMPLATE_TEST_CASE("any seed: every history is linearizable", "", a_stack, a_queue, a_set, a_map) {
  every_scheme<TestType>(1, scaled(default_seeds));
}

TEMPLATE_TEST_CASE("the same, for long", "[.][long]", a_stack, a_queue, a_set, a_map) {
  every_scheme<TestType>(10'000, scaled(20'000));
}

// --- What shows that the above would notice --------------------------------------------------------------------------

// Whether one of the schedules above does; also where they are fewer, since the first one that does is the last one.
template <class Kind, class Scheme>
bool noticed() {
  for (std::uint32_t seed = 1; seed <= default_seeds; ++seed) {
    if (!scheduled<Kind, Scheme>(seed).empty()) return true;
  }
  return false;
}

TEMPLATE_TEST_CASE("schedules notice that nothing is protected", "", a_stack, a_queue, a_set, a_map) {
  CHECK(noticed<TestType, not_protected>());
}

TEST_CASE("schedules notice each part that a structure leaves out") {
  CHECK(noticed<a_stack, without<strict, part::stack_exchange>>());
  CHECK(noticed<a_queue, without<strict, part::queue_tail>>());
  CHECK(noticed<a_set, without<strict, part::list_before>>());
  CHECK(noticed<a_set, without<strict, part::list_here>>());
  CHECK(noticed<a_set, without<strict, part::list_unlinked>>());
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
