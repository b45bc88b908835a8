// What the wait engine of sync/nt runs on under Relacy: a few objects, and threads that have records.
#pragma once

#include <cstdint>

#include "tests/model/plain.h"
#include "weir/barrier/atomic.h"
#include "weir/sync/nt/query.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/wait.h"

namespace weir::model::nt {

using namespace weir::nt::detail;
using weir::nt::status;

struct deadline {
  bool comes;
};
struct timeout {
  enum class kind { never, polls, some_time } what;
  [[nodiscard]] bool only_polls() const { return what == kind::polls; }
};
inline constexpr timeout forever{timeout::kind::never};
inline constexpr timeout polls{timeout::kind::polls};
inline constexpr timeout some_time{timeout::kind::some_time};

// A parker that is woken by a token, which has to be there before it goes back.
struct token_parker {
  bool prepare() {
    means = 1;
    has_it = 0;
    return true;
  }
  bool park(weir::atomic<std::uint32_t>&, std::uint32_t, const deadline& until) {
    if (until.comes) return false;
    take();
    return true;
  }
  void unpark(weir::atomic<std::uint32_t>&) {
    RL_ASSERT(means == 1);
    token.store(1, std::memory_order_release);
  }
  void finish(bool unparked) {
    if (unparked && has_it == 0) take();
    means = 0;
  }
  void take() {
    while (token.load(std::memory_order_acquire) == 0) rl::yield(1, {});
    token.store(0, std::memory_order_relaxed);  // nobody else has a token to give
    has_it = 1;
  }

  plain<int> means;   // what a wake needs: set up by prepare(), gone after finish()
  plain<int> has_it;  // the token of this wait has come
  weir::atomic<int> token{0};
};

struct model_types {
  template <class T>
  using atomic = weir::atomic<T>;
  template <class T>
  using plain = model::plain<T>;
  using parker = token_parker;
  using deadline = model::nt::deadline;
  using timeout = model::nt::timeout;
  static constexpr std::uint32_t most = 3;
  static deadline never() { return {false}; }
  static bool nap(const deadline&) { return true; }
  static inline std::uint32_t spins = 0;  // set for one model, after begin()
  static std::uint32_t pauses() { return spins; }
  static void fence() {}
  static void fence_after_exchange() {}
};

inline constexpr unsigned most_threads = 4;

struct model_segment {
  using types = model_types;
  using cell = weir::nt::detail::cell<types>;
  using record = weir::nt::detail::record<types>;

  cell& cell_at(number n) { return cells[n - 1]; }
  record& record_at(number n) { return records[n - 1]; }
  weir::atomic<std::uint32_t>& group() { return group_lock; }
  static deadline start(const timeout& t) { return {t.what == timeout::kind::some_time}; }
  static void ended(cell&) {}
  template <class Word>
  static void wait_for_lock(unsigned, const Word&) {
    rl::yield(1, {});
  }

  void begin() {
    types::spins = 0;
    for (number i = 0; i < types::most; ++i) {
      cell& c = cells[i];
      c.head = c.tail = c.all_nodes = c.limit = c.own_next = c.own_prior = c.held_next = c.generation = 0u;
      c.held_word = 0;
      c.held = 0;
      c.references = 1;
      c.self = i + 1;
      c.recursion.store(1, std::memory_order_relaxed);
    }
    for (number i = 0; i < most_threads; ++i) {
      record& r = records[i];
      r.result = r.count = r.wake_next = r.owned = r.alert = 0u;
      r.self = i + 1;
      r.parker.means = 0;
      for (auto& n : r.nodes) {
        n.next = n.prior = n.cell = 0u;
        n.linked = n.all = n.mutant = std::uint8_t{0};
      }
    }
  }
  void make(unsigned i, kind k, std::uint32_t value) {
    cells[i].word.store(word::of(k) | word::of_value(value), std::memory_order_relaxed);
    cells[i].limit = 100;
  }

  cell cells[types::most];
  record records[most_threads];
  weir::atomic<std::uint32_t> group_lock{0};
};

// Objects, of which most models have two, and threads that have records.
struct world {
  model_segment seg;

  model_segment::record& me(unsigned self) { return seg.records[self]; }
  void set(unsigned i) { set_event(seg, seg.cells[i]); }
  status wait(unsigned self, unsigned i, const timeout& t = forever) {
    return wait_one(seg, me(self), seg.cells[i], t, nullptr, [] {});
  }
  status wait_for_both(unsigned self, const timeout& t = forever) {
    model_segment::cell* const cells[] = {&seg.cells[0], &seg.cells[1]};
    return wait_all(seg, me(self), wanted<model_segment>{cells, 2, 2, true}, t, [] {});
  }
  status wait_for_all_three(unsigned self, const timeout& t = forever) {
    model_segment::cell* const cells[] = {&seg.cells[0], &seg.cells[1], &seg.cells[2]};
    return wait_all(seg, me(self), wanted<model_segment>{cells, 3, 3, true}, t, [] {});
  }
  status wait_for_one_of_both(unsigned self, const timeout& t = forever) {
    model_segment::cell* const cells[] = {&seg.cells[0], &seg.cells[1]};
    return wait_any(seg, me(self), wanted<model_segment>{cells, 2, 2, false}, t, [] {});
  }
};

}  // namespace weir::model::nt
