// What a read-side section costs by liburcu's interface; its loops are those of read.cc. In C: the same header makes
// slower code of C++ (its thread-local variables are called for there).
#include "bench/rcu/flavour.h"
#include "bench/support/places.h"
#include "bench/support/program.h"

// Nothing that is read shares a line with anything that is written.
struct object {
  _Alignas(64) uint64_t value;
};
static struct object shown = {1};

struct pointer {
  _Alignas(64) struct object* to;
};
struct pointer bench_source = {&shown};  // not static: it may change, for all that the compiler knows

static _Thread_local volatile uint64_t sink;  // keeps the sum, and with it the loads, alive

BENCH_PLACES(reads, sink, {
  rcu_read_lock();
  sum += rcu_dereference(bench_source.to)->value;
  rcu_read_unlock();
})

BENCH_LOOP(nested_reads, sink, {
  rcu_read_lock();
  rcu_read_lock();
  sum += rcu_dereference(bench_source.to)->value;
  rcu_read_unlock();
  rcu_read_unlock();
})

// As a thread that reads must; microseconds in a sample of many milliseconds.
static void enter(void) { rcu_register_thread(); }
static void leave(void) { rcu_unregister_thread(); }

static void sections_in(void (*place)(uint64_t), uint64_t operations) {
#ifdef BENCH_QSBR
  enum { between = 1000 };  // reads between two quiescent states
  for (uint64_t done = 0; done < operations; done += between) {
    place(between);
    rcu_quiescent_state();
  }
#else
  place(operations);
#endif
}

static void sections(uint64_t operations) {
  enter();
  for (int i = 0; i < 4; ++i) sections_in(reads_places[i], operations / 4 + 1);
  leave();
}

static void nested_sections(uint64_t operations) {
  enter();
  nested_reads(operations);
  leave();
}

int main(int argc, char** argv) {
  static const struct bench_row rows[] = {
      {"read", bench_alone, &sections},   {"read_nested", bench_alone, &nested_sections},
      {"read_2t", bench_pair, &sections}, {"read_nested_2t", bench_pair, &nested_sections},
      {NULL, bench_alone, NULL},
  };
  static const struct bench_program program = {.rows = rows};
  return bench_main(&program, argc, argv);
}
