#include "bench/nt/duet.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "bench/support/companion.h"
#include "bench/support/cpu.h"

enum {
  at_once = 16,    // that a thread takes the lock before it tells how often it has
  most_rows = 32,  // of a program
};

static const struct duet_program* duet;

static double least(double a, double b) { return a < b ? a : b; }

// Of the CPUs' time, what was not lost to other processes. Threads that sleep now and then do not use up their CPU; two
// on one CPU do.
static double share_of(struct bench_reading from, struct bench_reading to, int one_core) {
  const double own = one_core ? (double)(to.ours - from.ours) / (double)(to.wall - from.wall) : 1;
  return least(least(1, own), 1 - bench_foreign_part(from, to));
}

// Hand-overs.

struct half {
  bench_batch* batch;
  uint64_t rounds;
};

static void* perform(void* argument) {
  struct bench_companion* const me = argument;
  const struct half* const half = me->argument;
  bench_here(me);
  half->batch(half->rounds);
  return NULL;
}

struct span {
  struct bench_reading from;
  struct bench_reading to;
  uint64_t wall;  // without the readings, which take a while
};

static struct span run(const struct duet_row* row, uint64_t rounds, int cpu) {
  static struct bench_companion second;
  struct half half = {row->other, rounds};
  struct span span;
  bench_start(&second, &perform, &half, cpu);
  span.from = bench_read_cpus();
  const uint64_t t0 = bench_now(CLOCK_MONOTONIC);
  row->batch(rounds);
  span.wall = bench_now(CLOCK_MONOTONIC) - t0;
  span.to = bench_read_cpus();
  bench_stop(&second);
  return span;
}

static uint64_t calibrate(const struct duet_row* row, int cpu, double wanted_ms) {
  uint64_t n = 16;
  for (;;) {
    const double took = bench_ms(run(row, n, cpu).wall);
    if (took >= wanted_ms / 4) return (uint64_t)((double)n * wanted_ms / took) + 1;
    n *= took >= wanted_ms / 32 ? 4 : 8;
  }
}

static struct bench_sample measure_hand_over(const struct duet_row* row, const struct bench_setting* setting) {
  const int one_core = row->scene == duet_one_core;
  const int second = one_core ? setting->cpu : row->scene == duet_two_cores ? setting->other : -1;
  if (row->scene == duet_anywhere) {
    bench_unpin();
  } else {
    bench_pin(setting->cpu);
  }
  const uint64_t n = calibrate(row, second, setting->milliseconds);
  const double stolen = bench_stolen(setting);
  const struct span span = run(row, n, second);
  return (struct bench_sample){
      .ns = (double)span.wall / (double)(2 * n),
      .wall_ms = bench_ms(span.wall),
      .share = share_of(span.from, span.to, one_core),
      .company = 1,
      .stolen_ms = bench_stolen_since(stolen, setting),
  };
}

// Locks.

static void* compete(void* argument) {
  struct bench_companion* const me = argument;
  const struct duet_row* const row = me->argument;
  bench_here(me);
  for (uint64_t n = at_once; !bench_stopped(me); n += at_once) {
    row->batch(at_once);
    bench_did(me, n);
  }
  return NULL;
}

static struct bench_sample measure_lock(const struct duet_row* row, const struct bench_setting* setting) {
  static struct bench_companion both[2];
  static struct duet_row shared;  // what they take it from
  const int bound = row->scene == duet_lock;
  uint64_t before[2];
  uint64_t done[2];
  shared = *row;
  bench_unpin();
  bench_start(&both[0], &compete, &shared, bound ? setting->cpu : -1);
  bench_start(&both[1], &compete, &shared, bound ? setting->other : -1);
  bench_rest(setting->milliseconds / 4);

  const double stolen = bench_stolen(setting);
  const struct bench_reading from = bench_read_cpus();
  const uint64_t t0 = bench_now(CLOCK_MONOTONIC);
  for (int i = 0; i < 2; ++i) before[i] = bench_done(&both[i]);
  // In a very short sample on a busy machine: until something was done.
  do {
    bench_rest(setting->milliseconds);
    for (int i = 0; i < 2; ++i) done[i] = bench_done(&both[i]) - before[i];
  } while (done[0] + done[1] == 0);
  const uint64_t wall = bench_now(CLOCK_MONOTONIC) - t0;
  const struct bench_reading to = bench_read_cpus();
  const double taken = bench_stolen_since(stolen, setting);

  for (int i = 0; i < 2; ++i) bench_stop(&both[i]);
  const double all = (double)(done[0] + done[1]);
  return (struct bench_sample){
      .ns = (double)wall / all,
      .wall_ms = bench_ms(wall),
      .share = share_of(from, to, 0),
      .company = 1,
      .stolen_ms = taken,
      .more = {{"lesser", 100 * least((double)done[0], (double)done[1]) / all}},
  };
}

static const struct duet_row* find(const char* name) {
  const struct duet_row* row = duet->rows;
  while (strcmp(row->name, name) != 0) ++row;
  return row;
}

static struct bench_sample take(const struct bench_row* named, const struct bench_setting* setting) {
  const struct duet_row* const row = find(named->name);
  switch (row->scene) {
    case duet_alone: return bench_measure(row->batch, bench_asleep, setting);
    case duet_pair: return bench_measure(row->batch, bench_pair, setting);
    case duet_one_core:
    case duet_two_cores:
    case duet_anywhere: return measure_hand_over(row, setting);
    case duet_lock:
    case duet_lock_anyhow: break;
  }
  return measure_lock(row, setting);
}

static enum bench_company company_of(enum duet_scene scene) {
  return scene == duet_pair || scene == duet_two_cores || scene == duet_lock ? bench_pair : bench_alone;
}

int duet_main(const struct duet_program* p, int argc, char** argv) {
  static struct bench_row rows[most_rows + 1];
  int n = 0;
  for (const struct duet_row* r = p->rows; r->name != NULL; ++r) {
    if (n == most_rows) bench_die("so many rows", E2BIG);
    rows[n++] = (struct bench_row){r->name, company_of(r->scene), r->batch};
  }
  const struct bench_program program = {
      .rows = rows,
      .prepare = p->prepare,
      .strategy = p->strategy,
      .reason = p->reason,
      .take = &take,
  };
  duet = p;
  return bench_main(&program, argc, argv);
}
