// What events, semaphores, mutants and waits cost, objects in hand.
#include <array>
#include <cstddef>
#include <cstdint>

#include "bench/nt/rounds.h"
#include "bench/support/places.h"
#include "weir/barrier/barrier.h"
#include "weir/sync/nt/objects.h"

namespace {

namespace nt = weir::nt;

thread_local constinit volatile std::uint64_t sink = 0;  // keeps the sum, and with it the results, alive

WEIR_INLINE std::uint64_t number(nt::status s) { return static_cast<std::uint64_t>(s); }

// As many manual events, all of them set; or only the last one.
template <std::size_t Count, bool All>
class set_events {
 public:
  set_events() {
    for (std::size_t i = 0; i < Count; ++i) {
      events_[i] = nt::event::manual(All || i == Count - 1);
      bench::require(static_cast<bool>(events_[i]), "making an event");
      objects_[i] = &events_[i];
    }
  }
  operator std::span<const nt::object* const>() const { return objects_; }

 private:
  std::array<nt::event, Count> events_;
  std::array<const nt::object*, Count> objects_;
};

template <std::size_t Count, bool All = true>
std::span<const nt::object* const> ready() {
  static const set_events<Count, All> events;
  return events;
}

nt::event an_event;
nt::semaphore a_semaphore;
nt::mutant a_mutant;

const char* prepare() {
  an_event = nt::event::automatic();
  a_semaphore = nt::semaphore::make(1, 1000);
  a_mutant = nt::mutant::make();
  bench::require(an_event && a_semaphore && a_mutant, "making an object");
  return nullptr;
}

BENCH_LOOP(set_wait, sink, {
  sum += static_cast<std::uint64_t>(an_event.set());
  sum += number(nt::wait(an_event));
})

BENCH_LOOP(mutant, sink, {
  sum += number(nt::wait(a_mutant));
  sum += number(a_mutant.release());
})

BENCH_LOOP(semaphore, sink, {
  sum += number(nt::wait(a_semaphore));
  sum += number(a_semaphore.release());
})

BENCH_LOOP_AFTER(wait_any_64, sink, const auto objects = (ready<64>()), sum += number(nt::wait_any(objects)))
BENCH_LOOP_AFTER(wait_any_64_last, sink, const auto objects = (ready<64, false>()),
                 sum += number(nt::wait_any(objects)))
BENCH_LOOP_AFTER(wait_all_2, sink, const auto objects = (ready<2>()), sum += number(nt::wait_all(objects)))
BENCH_LOOP_AFTER(wait_all_8, sink, const auto objects = (ready<8>()), sum += number(nt::wait_all(objects)))

BENCH_LOOP(create_close, sink, {
  const nt::event e = nt::event::automatic();
  sum += e ? 1 : 0;
})

struct event {
  nt::event of = nt::event::automatic();
  void set() { of.set(); }
  void wait() { bench::require(nt::wait(of) == nt::status::wait_0, "waiting"); }
};

// The last of 64: the others are never set.
class last_of_64 {
 public:
  last_of_64() {
    for (std::size_t i = 0; i < events_.size(); ++i) {
      events_[i] = nt::event::automatic();
      objects_[i] = &events_[i];
    }
  }
  void set() { events_[63].set(); }
  void wait() { bench::require(number(nt::wait_any(objects_)) == 63, "waiting for any of 64"); }

 private:
  std::array<nt::event, 64> events_;
  std::array<const nt::object*, 64> objects_;
};

struct lock {
  nt::mutant of = nt::mutant::make();
  void acquire() { bench::require(nt::wait(of) == nt::status::wait_0, "waiting for a mutant"); }
  void release() { bench::require(of.release() == nt::status::success, "releasing a mutant"); }
};

}  // namespace

int main(int argc, char** argv) {
  static constexpr duet_row rows[] = {
      {"set_wait_uncontended", duet_alone, &set_wait, nullptr},
      {"mutant_uncontended", duet_alone, &mutant, nullptr},
      {"semaphore_uncontended", duet_alone, &semaphore, nullptr},
      {"wait_any_64_ready", duet_alone, &wait_any_64, nullptr},
      {"wait_any_64_last_ready", duet_alone, &wait_any_64_last, nullptr},
      {"wait_all_2_ready", duet_alone, &wait_all_2, nullptr},
      {"wait_all_8_ready", duet_alone, &wait_all_8, nullptr},
      {"create_close", duet_alone, &create_close, nullptr},
      bench::zigzag<event>::row("handover_1core", duet_one_core),
      bench::zigzag<last_of_64>::row("wait_any_64_handover_1core", duet_one_core),
      bench::zigzag<event>::row("handover_2core", duet_two_cores),
      bench::zigzag<event>::row("zigzag_2s", duet_anywhere),
      bench::contest<lock>::row("contended_2core", duet_lock),
      bench::contest<lock>::row("contended_10m", duet_lock_anyhow),
      {nullptr, duet_alone, nullptr, nullptr},
  };
  static constexpr duet_program program = {
      .rows = rows,
      .prepare = &prepare,
      .strategy = [] { return weir::barrier::name(weir::barrier::active()).data(); },
      .reason = [] { return weir::barrier::describe(); },
  };
  return duet_main(&program, argc, argv);
}
