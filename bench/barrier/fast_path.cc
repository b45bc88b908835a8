// What light() costs: a store, then a load of another variable, with each kind of barrier between.
//
// One loop for each row, all of one shape: the store and the load are there in every iteration (the compiler must
// neither merge nor drop accesses to atomics, and the assembly shows that it does not), and what is loaded is added up.
// Loops begin on a line of the instruction cache (-falign-loops in BUILD), and so do the functions, so that where the
// linker put a loop does not decide. The same source is built a second time with the barrier pinned.
#include <atomic>
#include <cstdint>

#include "bench/support/program.h"
#include "weir/barrier/barrier.h"

namespace {

// Neither shares a line with the other, nor with anything else.
struct alignas(weir::port::line) word {
  std::atomic<std::uint64_t> value{0};
};
constinit word announced;
constinit word looked_at;

volatile std::uint64_t sink;  // keeps the sum, and with it the loads, alive

template <class Announce, class Between>
WEIR_INLINE void loop(std::uint64_t operations, Announce announce, Between between) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < operations; ++i) {
    announce(i);
    between();
    sum += looked_at.value.load(std::memory_order_relaxed);  // ordered by what the row measures
  }
  sink = sum;
}

WEIR_INLINE void relaxed(std::uint64_t i) {
  announced.value.store(i, std::memory_order_relaxed);  // ordered by what the row measures
}

}  // namespace

// Outside of the unnamed namespace, so that a disassembly shows them by name.
#define BENCH_LOOP extern "C" __attribute__((noinline, aligned(64))) void

BENCH_LOOP bench_store_load(std::uint64_t n) {
  loop(n, relaxed, [] {});
}
BENCH_LOOP bench_light(std::uint64_t n) {
  loop(n, relaxed, [] { weir::barrier::light(); });
}
BENCH_LOOP bench_full(std::uint64_t n) {
  loop(n, relaxed, [] { weir::barrier::full(); });
}
BENCH_LOOP bench_seq_cst_store(std::uint64_t n) {
  loop(
      n, [](std::uint64_t i) { announced.value.store(i, std::memory_order_seq_cst); }, [] {});
}

int main(int argc, char** argv) {
  static constexpr bench_row rows[] = {
      {"store_load", bench_alone, &bench_store_load},
      {"light", bench_alone, &bench_light},
      {"full", bench_alone, &bench_full},
      {"seq_cst_store", bench_alone, &bench_seq_cst_store},
      {nullptr, bench_alone, nullptr},
  };
  static constexpr bench_program program = {
      .rows = rows,
      .prepare = nullptr,
      .strategy = [] { return weir::barrier::name(weir::barrier::active()).data(); },
      .reason = [] { return weir::barrier::describe(); },
      .take = nullptr,
  };
  return bench_main(&program, argc, argv);
}
