// Property: threads that block, and are let through by each other's signals or by time, are told what the sequential
// model says, and in the order that it says: after each call exactly those are blocked that the model has waiting.
//
// One thread makes a call at a time; between two calls everybody is blocked or has come back. Time stands still, and is
// moved past the deadline of one of the waits.
#pragma once

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>

#include "tests/support/catch.h"
#include "tests/sync/nt/calls.h"
#include "tests/sync/nt/worker.h"
#include "tests/sync/park/clock.h"

namespace weir::nt::test {

inline constexpr unsigned crew_size = 4;

// `Subject`: the objects of a world, on which a call can be made, and that can be compared with it (calls.h). It says
// by `takes()` which calls it knows, and leaves out what it does not know of a wait.
template <class Subject>
class lockstep {
 public:
  lockstep(std::uint32_t seed, std::array<worker, crew_size>& crew, weir::test::test_clock& clock)
      : seed_(seed), random_(seed), world_(draw_world(random_)), subject_(world_), workers_(crew), clock_(clock) {}

  // What went wrong; empty: nothing.
  std::string run(int calls) {
    for (int i = 0; i < calls && wrong_.empty(); ++i) {
      if (random_() % 12 == 0) {
        let_time_pass();
      } else {
        next_call();
      }
      if (wrong_.empty()) settle();
    }
    release_all();
    return wrong_.empty() ? "" : account();
  }

 private:
  static constexpr unsigned forever = 10'000;  // hours

  struct place {
    call does;
    std::optional<answer> right;  // nothing: it waits
    answer got;
    std::chrono::nanoseconds deadline{0};
    bool busy = false;
  };

  [[nodiscard]] std::string account() const { return "seed " + std::to_string(seed_) + ":" + log_ + "\n  " + wrong_; }

  void next_call() {
    const auto t = static_cast<unsigned>(random_() % crew_size);
    place& p = places_[t];
    if (p.busy) return;
    p.does = draw_call(random_, world_);
    if (!Subject::takes(p.does)) return;
    const bool polls = random_() % 4 == 0;
    p.right = make_on(world_, t, p.does, polls);
    // Each has a deadline: threads may wait for each other's mutants.
    const auto in = std::chrono::hours(random_() % 2 == 0 ? 1 + random_() % 100 : forever);
    p.does.time = polls ? park::timeout::after({}) : park::timeout::after(in);
    p.deadline = now() + in;
    p.busy = true;
    log_ += "\n  T" + std::to_string(t) + " " + text_of(p.does);
    begin(t);
  }

  void begin(unsigned t) {
    place& p = places_[t];
    workers_[t].begin([this, &p, t] { p.got = subject_.make(workers_[t].record(), p.does); });
  }

  // To the deadline that comes next, and just past it.
  void let_time_pass() {
    std::optional<unsigned> next;
    for (unsigned t = 0; t < crew_size; ++t) {
      if (!world_.is_waiting(t)) continue;
      if (!next || places_[t].deadline < places_[*next].deadline) next = t;
    }
    if (!next || places_[*next].deadline > now() + std::chrono::hours(100)) return;
    const auto then = places_[*next].deadline + std::chrono::nanoseconds(1);
    log_ += "\n  time passes for T" + std::to_string(*next);
    for (unsigned t = 0; t < crew_size; ++t) {
      if (world_.is_waiting(t) && places_[t].deadline <= then) world_.time_out(t);
    }
    clock_.pass(then - now());
  }

  // Until everybody is where the model says.
  void settle() {
    for (unsigned t = 0; t < crew_size; ++t) {
      place& p = places_[t];
      if (!p.busy) continue;
      if (world_.is_over(t)) p.right = answer{world_.collect(t), 0, false, false};
      const std::string who = "T" + std::to_string(t) + ": ";
      if (!p.right) {
        if (!workers_[t].is_blocked_eventually()) wrong_ += who + "is not blocked, but it should be. ";
        continue;
      }
      if (!workers_[t].is_over_eventually()) {
        wrong_ += who + "is blocked, and should have been told " + text_of(*p.right) + ". ";
        continue;
      }
      p.busy = false;
      if (p.got != *p.right) wrong_ += who + "was told " + text_of(p.got) + ", and not " + text_of(*p.right) + ". ";
    }
    if (wrong_.empty()) wrong_ = subject_.compare(world_);
  }

  // Whoever still waits: its time is up. Then all mutants are given back.
  void release_all() {
    clock_.pass(std::chrono::hours(forever));
    for (worker& w : workers_) {
      if (w.is_over_eventually()) continue;
      std::fprintf(stderr, "%s\n  a thread that cannot be joined\n", account().c_str());
      std::abort();
    }
    for (worker& w : workers_) give_back(w);
  }
  void give_back(worker& w) {
    call c;
    c.does = verb::end;
    static_cast<void>(w.run([&] { static_cast<void>(subject_.make(w.record(), c)); }));
  }
  [[nodiscard]] std::chrono::nanoseconds now() const { return clock_.monotonic(clock_); }

  const std::uint32_t seed_;
  std::mt19937 random_;
  world world_;
  Subject subject_;
  std::array<worker, crew_size>& workers_;
  weir::test::test_clock& clock_;
  std::array<place, crew_size> places_{};
  std::string log_;
  std::string wrong_;
};

// What waits are measured by, as long as this lives.
struct measured_by {
  explicit measured_by(const weir::test::test_clock& c) { detail::own_segment().measure_by(&c); }
  ~measured_by() { detail::own_segment().measure_by(nullptr); }
  measured_by(const measured_by&) = delete;
  measured_by& operator=(const measured_by&) = delete;
};

// So many sequences, by seeds from `first` on.
template <class Subject>
void run_lockstep(std::uint32_t first, int seeds) {
  std::array<worker, crew_size> crew;
  for (int i = 0; i < seeds; ++i) {
    weir::test::test_clock clock;  // one each: the time that passes in all of them is too much for one
    const measured_by it(clock);
    REQUIRE(lockstep<Subject>(first + static_cast<std::uint32_t>(i), crew, clock).run(120) == "");
  }
}

}  // namespace weir::nt::test
