// The detector `thousand`.
#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "tests/support/gate.h"
#include "tests/sync/nt/detectors.h"
#include "tests/sync/nt/tally.h"
#include "weir/sync/nt/objects.h"

namespace weir::nt::test {
namespace {

using namespace std::chrono_literals;

// One round: what its threads have in common, for as long as one of them is there.
struct crowd {
  static constexpr std::size_t objects = 100, threads = 1000;

  explicit crowd(tally& to) : t(to) {
    for (std::size_t i = 0; i < objects; ++i) events.push_back(event::automatic());
  }

  void wait_thrice(std::size_t who) {
    records[who].store(detail::self(), std::memory_order_release);
    std::mt19937 random(static_cast<std::uint32_t>(who));
    for (int waits = 0; waits < 3; ++waits) {
      const std::size_t n = 1 + random() % 3;
      const std::size_t first = random() % objects;
      std::vector<const object*> wanted;
      for (std::size_t k = 0; k < n; ++k) wanted.push_back(&events[(first + 7 * k) % objects]);
      const bool all = random() % 4 == 0;
      const status s = all ? wait_all(wanted) : wait_any(wanted);
      t.check(is_satisfied(s));
      taken.fetch_add(all ? n : 1, std::memory_order_relaxed);  // a count
    }
    through.fetch_add(1, std::memory_order_relaxed);  // a count
  }

  [[nodiscard]] bool is_all_waiting() const {
    for (const auto& r : records) {
      const detail::native_record* const its = r.load(std::memory_order_acquire);
      if (its == nullptr || !is_waiting(*its)) return false;
    }
    return true;
  }
  // Another signal for each object.
  [[nodiscard]] bool is_all_through() {
    for (event& x : events) given += x.set() == 0 ? 1 : 0;
    return through.load(std::memory_order_relaxed) == threads;
  }
  [[nodiscard]] bool is_accounted_for() const {
    std::uint64_t left = 0;
    for (const event& x : events) left += static_cast<std::uint64_t>(x.query());
    return given == taken.load(std::memory_order_relaxed) + left;
  }

  tally& t;
  std::vector<event> events;
  std::vector<std::atomic<detail::native_record*>> records{threads};
  std::atomic<std::uint64_t> taken{0};
  std::atomic<std::size_t> through{0};
  std::uint64_t given = 0;
};

// Whether it becomes so. Of an engine that is to be found wrong little patience is enough.
template <class Condition>
bool comes_true(const effort& e, Condition is_so) {
  if (!e.until_found) return weir::test::eventually(is_so);
  for (const auto end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end;) {
    if (is_so()) return true;
    std::this_thread::yield();
  }
  return false;
}

}  // namespace

found thousand(const effort& e) {
  tally t(e);
  while (t.next_round()) {
    const auto round = std::make_shared<crowd>(t);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < crowd::threads; ++i) threads.emplace_back([round, i] { round->wait_thrice(i); });
    if (!comes_true(e, [&] { return round->is_all_waiting(); }) ||
        !comes_true(e, [&] { return round->is_all_through(); })) {
      if (!e.until_found) stuck();
      t.violation();
      for (std::thread& x : threads) x.detach();  // for ever, of an engine that is wrong: whoever looks for it ends
      break;
    }
    for (std::thread& x : threads) x.join();
    t.check(round->is_accounted_for());
  }
  return t.result();
}

}  // namespace weir::nt::test
