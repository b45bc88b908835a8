#include "bench/support/pair.h"

#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

#include "bench/support/companion.h"
#include "bench/support/cpu.h"

// What each of the two does, and how that went.
struct part {
  bench_batch* batch;
  uint64_t operations;
  uint64_t wall;
  uint64_t cpu;
  atomic_int* go;
};

static void perform(struct part* p) {
  const uint64_t cpu = bench_now(CLOCK_THREAD_CPUTIME_ID);
  const uint64_t t0 = bench_now(CLOCK_MONOTONIC);
  p->batch(p->operations);
  p->wall = bench_now(CLOCK_MONOTONIC) - t0;
  p->cpu = bench_now(CLOCK_THREAD_CPUTIME_ID) - cpu;
}

static void* perform_too(void* argument) {
  struct bench_companion* const me = argument;
  struct part* const p = me->argument;
  bench_here(me);
  while (atomic_load_explicit(p->go, memory_order_relaxed) == 0) {
  }
  perform(p);
  return NULL;
}

static double part_ns(const struct part* p) { return (double)p->wall / (double)p->operations; }

// Both begin at once, and do so many operations each.
static void run(struct part parts[2], bench_batch* batch, uint64_t operations, int other) {
  static struct bench_companion second;
  atomic_int go;
  atomic_init(&go, 0);
  for (int i = 0; i < 2; ++i) parts[i] = (struct part){batch, operations, 0, 0, &go};
  bench_start(&second, perform_too, &parts[1], other);
  atomic_store_explicit(&go, 1, memory_order_relaxed);
  perform(&parts[0]);
  bench_stop(&second);
}

static uint64_t longer(const struct part parts[2]) {
  return parts[0].wall > parts[1].wall ? parts[0].wall : parts[1].wall;
}

struct bench_sample bench_measure_pair(bench_batch* batch, const struct bench_setting* setting) {
  struct part parts[2];
  uint64_t n = 1000;
  for (;;) {  // as bench_calibrate, with both of them
    run(parts, batch, n, setting->other);
    const double took = bench_ms(longer(parts));
    if (took >= setting->milliseconds / 4) {
      n = (uint64_t)((double)n * setting->milliseconds / took) + 1;
      break;
    }
    n *= took >= setting->milliseconds / 32 ? 4 : 16;
  }
  const double stolen = bench_stolen(setting);
  run(parts, batch, n, setting->other);
  double share = 1;
  for (int i = 0; i < 2; ++i) {
    const double had = (double)parts[i].cpu / (double)parts[i].wall;
    if (had < share) share = had;
  }
  return (struct bench_sample){
      .ns = (part_ns(&parts[0]) + part_ns(&parts[1])) / 2,
      .wall_ms = bench_ms(longer(parts)),
      .share = share,
      .company = 1,
      .stolen_ms = bench_stolen_since(stolen, setting),
  };
}
