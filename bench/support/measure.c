#include "bench/support/measure.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "bench/support/companion.h"
#include "bench/support/cpu.h"
#include "bench/support/pair.h"
#include "bench/support/slices.h"

enum {
  callers = 8,
  looks = 4,             // at who else runs, in a sample without company
  slices_here = 50,      // of about a millisecond: hundreds of calls that interrupt, and few breaks
  slices_of_crowd = 25,  // each wakes the measuring thread on the callers' CPU: as long as can be
};

// What a call of the operation is, by value: a pointer to a function does not fit into a pointer to an object.
struct work {
  bench_batch* batch;
};

static void* sleep_all_the_time(void* argument) {
  struct bench_companion* const me = argument;
  bench_here(me);
  bench_sleep(me);
  return NULL;
}

static void* spin(void* argument) {
  struct bench_companion* const me = argument;
  bench_here(me);
  while (!bench_stopped(me)) {
  }
  return NULL;
}

static void* call(void* argument) {
  struct bench_companion* const me = argument;
  const struct work* const work = me->argument;
  bench_here(me);
  for (uint64_t n = 1; !bench_stopped(me); ++n) {
    work->batch(1);
    bench_did(me, n);
  }
  return NULL;
}

static double least(double a, double b) { return a < b ? a : b; }

uint64_t bench_calibrate(bench_batch* batch, double wanted_ms) {
  uint64_t n = 1;
  for (;;) {
    const uint64_t t0 = bench_now(CLOCK_MONOTONIC);
    batch(n);
    const double took = bench_ms(bench_now(CLOCK_MONOTONIC) - t0);
    if (took >= wanted_ms / 4) return (uint64_t)((double)n * wanted_ms / took) + 1;
    n *= took >= wanted_ms / 32 ? 8 : 16;
  }
}

// The calling thread does the work, with nobody else running. Somebody who runs on another CPU can make it slower
// without taking its own: two processors may be one core's. So it looks for others between parts of the work.
static struct bench_sample measure_here(bench_batch* batch, const struct bench_setting* setting) {
  const uint64_t part = bench_calibrate(batch, setting->milliseconds / looks);

  const double stolen = bench_stolen(setting);
  uint64_t wall = 0;
  uint64_t had = 0;
  double others = 0;
  for (int i = 0; i < looks; ++i) {
    const uint64_t cpu = bench_now(CLOCK_THREAD_CPUTIME_ID);
    const uint64_t t0 = bench_now(CLOCK_MONOTONIC);
    batch(part);
    wall += bench_now(CLOCK_MONOTONIC) - t0;
    had += bench_now(CLOCK_THREAD_CPUTIME_ID) - cpu;
    others += bench_others(1) / looks;
  }

  return (struct bench_sample){
      .ns = (double)wall / (double)(part * looks),
      .wall_ms = bench_ms(wall),
      .share = least(1, (double)had / (double)wall),
      .company = 1,
      .stolen_ms = bench_stolen_since(stolen, setting),
      .others = others,
  };
}

static struct bench_sample sample_of(struct bench_unbroken kept, uint64_t wall, uint64_t cpu, double stolen) {
  return (struct bench_sample){
      .ns = kept.ns,
      .wall_ms = bench_ms(wall),
      .share = least(1, (double)cpu / (double)wall),
      .company = kept.part,
      .stolen_ms = stolen,
  };
}

// The calling thread does the work, while `spinner` runs on the other CPU.
static struct bench_sample measure_beside(bench_batch* batch, const struct bench_companion* spinner,
                                          const struct bench_setting* setting) {
  static struct bench_slice slices[bench_most_slices];
  const pthread_t theirs = spinner->thread;
  const uint64_t n = bench_calibrate(batch, setting->milliseconds / slices_here);

  const double stolen = bench_stolen(setting);
  const uint64_t cpu = bench_now(CLOCK_THREAD_CPUTIME_ID);
  const struct bench_slice first = {bench_now(CLOCK_MONOTONIC), bench_cpu_of(theirs), 0};
  struct bench_slice last = first;
  int count = 0;
  while (count < bench_most_slices && bench_ms(last.wall - first.wall) < setting->milliseconds) {
    batch(n);
    const struct bench_slice now = {bench_now(CLOCK_MONOTONIC), bench_cpu_of(theirs), last.operations + n};
    slices[count++] = bench_between(last, now);
    last = now;
  }
  const uint64_t had = bench_now(CLOCK_THREAD_CPUTIME_ID) - cpu;
  return sample_of(bench_keep_unbroken(slices, count), last.wall - first.wall, had,
                   bench_stolen_since(stolen, setting));
}

static uint64_t operations_of(struct bench_companion* c) {
  uint64_t sum = 0;
  for (int i = 0; i < callers; ++i) sum += bench_done(&c[i]);
  return sum;
}

static uint64_t cpu_of(const struct bench_companion* c) {
  uint64_t sum = 0;
  for (int i = 0; i < callers; ++i) sum += bench_cpu_of(c[i].thread);
  return sum;
}

static struct bench_slice read_crowd(pthread_t spinner, struct bench_companion* crowd) {
  return (struct bench_slice){bench_now(CLOCK_MONOTONIC), bench_cpu_of(spinner), operations_of(crowd)};
}

// The calling thread shares the callers' CPU: while it reads the figures none of them runs, so the figures agree.
static struct bench_sample measure_crowd(bench_batch* batch, const struct bench_companion* spinner,
                                         const struct bench_setting* setting) {
  static struct bench_companion crowd[callers];
  struct bench_slice slices[slices_of_crowd];
  const pthread_t theirs = spinner->thread;
  struct work work = {batch};
  for (int i = 0; i < callers; ++i) bench_start(&crowd[i], call, &work, setting->cpu);
  bench_rest(setting->milliseconds / 4);

  const double stolen = bench_stolen(setting);
  const uint64_t cpu = cpu_of(crowd);
  const struct bench_slice first = read_crowd(theirs, crowd);
  struct bench_slice last = first;
  for (int i = 0; i < slices_of_crowd; ++i) {
    bench_rest(setting->milliseconds / slices_of_crowd);
    const struct bench_slice now = read_crowd(theirs, crowd);
    slices[i] = bench_between(last, now);
    last = now;
  }
  const uint64_t had = cpu_of(crowd) - cpu;

  for (int i = 0; i < callers; ++i) bench_stop(&crowd[i]);
  if (last.operations == first.operations) {
    bench_die("no caller has made a call in all the time of a sample", ETIMEDOUT);
  }
  const struct bench_unbroken kept = bench_keep_unbroken(slices, slices_of_crowd);
  return sample_of(kept, last.wall - first.wall, had, bench_stolen_since(stolen, setting));
}

struct bench_sample bench_measure(bench_batch* batch, enum bench_company company, const struct bench_setting* setting) {
  static struct bench_companion second;
  bench_pin(setting->cpu);
  struct bench_sample sample = {0};
  switch (company) {
    case bench_alone: return measure_here(batch, setting);
    case bench_pair: return bench_measure_pair(batch, setting);
    case bench_asleep:
      bench_start(&second, sleep_all_the_time, NULL, setting->cpu);
      sample = measure_here(batch, setting);
      break;
    case bench_spinning:
      bench_start(&second, spin, NULL, setting->other);
      sample = measure_beside(batch, &second, setting);
      break;
    case bench_crowd:
      bench_start(&second, spin, NULL, setting->other);
      sample = measure_crowd(batch, &second, setting);
      break;
  }
  bench_stop(&second);
  return sample;
}
