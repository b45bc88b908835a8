#include "bench/support/retire.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/support/companion.h"
#include "bench/support/cpu.h"

enum {
  most_rows = 8,
  most_objects = 1 << 20,
  exact_part = 8,  // of the objects, one in so many is retired once more, counted exactly
};

static const struct retire_row* all_rows;
static struct bench_object* objects;

// One go of one or two threads.
struct round {
  const struct retire_peer* peer;
  uint64_t each;  // objects of each thread
  int exactly;
  int threads;
  atomic_int go;    // any order will do: all else is read after the join
  atomic_int left;  // threads that are not done
};

struct retirer {
  struct bench_companion companion;
  struct round* round;
  struct bench_object* first;
  uint64_t begun;
  uint64_t ended;
};

static void* retire(void* argument) {
  struct bench_companion* const me = argument;
  struct retirer* const mine = me->argument;
  struct round* const round = mine->round;
  round->peer->arrive();
  bench_here(me);
  while (atomic_load_explicit(&round->go, memory_order_relaxed) == 0) {
  }
  mine->begun = bench_now(CLOCK_MONOTONIC);
  (round->exactly ? round->peer->retire_exactly : round->peer->retire)(mine->first, round->each);
  // Whoever is done last waits for the deleters. Acquire and release, so that barrier() comes after all calls.
  if (atomic_fetch_sub_explicit(&round->left, 1, memory_order_acq_rel) == 1) round->peer->barrier();
  mine->ended = bench_now(CLOCK_MONOTONIC);
  round->peer->depart();
  bench_give_tally();
  return NULL;
}

// Returns nanoseconds from the first retire to the end of barrier().
static uint64_t perform(struct round* round, const struct bench_setting* setting) {
  static struct retirer threads[2];
  atomic_init(&round->go, 0);
  atomic_init(&round->left, round->threads);
  const int cpus[2] = {setting->cpu, setting->other};
  for (int i = 0; i < round->threads; ++i) {
    threads[i].round = round;
    threads[i].first = objects + (uint64_t)i * round->each;
    bench_start(&threads[i].companion, retire, &threads[i], cpus[i]);
  }
  atomic_store_explicit(&round->go, 1, memory_order_relaxed);
  uint64_t begun = UINT64_MAX;
  uint64_t ended = 0;
  for (int i = 0; i < round->threads; ++i) {
    bench_stop(&threads[i].companion);
    if (threads[i].begun < begun) begun = threads[i].begun;
    if (threads[i].ended > ended) ended = threads[i].ended;
  }
  return ended - begun;
}

// A library may start threads of its own at the first object, which inherit the CPUs of who begins them: all.
static void warm_up(const struct retire_peer* peer) {
  bench_unpin();
  peer->arrive();
  peer->retire(objects, 1);
  peer->barrier();
  peer->depart();
  bench_forget_tallies();
}

static uint64_t most(uint64_t a, uint64_t b) { return a > b ? a : b; }

static struct bench_sample measure(const struct retire_row* row, const struct bench_setting* setting) {
  // Samples much shorter than usual are for tests.
  uint64_t count = (uint64_t)(setting->milliseconds * 50000);
  if (count > most_objects) count = most_objects;
  struct round round = {.peer = row->peer, .each = count / (uint64_t)row->threads, .threads = row->threads};
  const uint64_t retired = round.each * (uint64_t)row->threads;
  warm_up(row->peer);

  const double stolen = bench_stolen(setting);
  const struct bench_reading before = bench_read_cpus();
  uint64_t wall = 0;
  uint64_t peak = 0;
  uint64_t times = 0;
  while (bench_ms(wall) < setting->milliseconds) {
    wall += perform(&round, setting);
    ++times;
    if (bench_all_reclaimed() != retired) bench_die("barrier() has come back before the last deleter", EBUSY);
    peak = most(peak, bench_most_unreclaimed());
    bench_forget_tallies();
  }
  const double foreign = bench_foreign_part(before, bench_read_cpus());
  const double taken = bench_stolen_since(stolen, setting);
  round.each /= exact_part;
  round.exactly = 1;
  perform(&round, setting);
  peak = most(peak, bench_most_unreclaimed());
  const uint64_t each = times * retired / (uint64_t)row->threads;
  return (struct bench_sample){
      .ns = (double)wall / (double)each,
      .wall_ms = bench_ms(wall),
      .share = 1 - foreign,
      .company = 1,
      .stolen_ms = taken,
      .more = {{"peak", (double)peak}},
  };
}

static struct bench_sample take(const struct bench_row* row, const struct bench_setting* setting) {
  const struct retire_row* r = all_rows;
  while (strcmp(r->name, row->name) != 0) ++r;
  return measure(r, setting);
}

// The objects, in memory that is there.
static const char* prepare(void) {
  objects = aligned_alloc(sizeof *objects, most_objects * sizeof *objects);
  if (objects == NULL) return "there is no memory for a million objects";
  memset(objects, 1, most_objects * sizeof *objects);
  return NULL;
}

int retire_main(const struct retire_row* rows, int argc, char** argv) {
  static struct bench_row table[most_rows];
  static const struct bench_program program = {.rows = table, .prepare = &prepare, .take = &take};
  all_rows = rows;
  for (int i = 0; i < most_rows - 1 && rows[i].name != NULL; ++i) {
    table[i] = (struct bench_row){rows[i].name, rows[i].threads == 2 ? bench_pair : bench_alone, NULL};
  }
  return bench_main(&program, argc, argv);
}
