#include "bench/support/measure.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

#include "bench/support/cpu.h"
#include "bench/support/slices.h"

enum {
  callers = 8,
  line = 128,
  slices_here = 50,      // of about a millisecond: hundreds of calls that interrupt, and few breaks
  slices_of_crowd = 25,  // each wakes the measuring thread on the callers' CPU: as long as can be
};

// What a second thread does until it is told to stop.
struct companion {
  pthread_t thread;
  bench_batch* batch;  // callers only
  int cpu;
  pthread_mutex_t asleep;  // held by the measuring thread: who locks it sleeps
  atomic_int ready;
  atomic_int stop;
  _Alignas(line) _Atomic uint64_t operations;  // callers: what this one has done so far
};

// Every access to these words may be relaxed or stronger as one likes: no other memory is read on the strength of them.

static void* sleep_all_the_time(void* argument) {
  struct companion* const me = argument;
  bench_pin(me->cpu);
  atomic_store_explicit(&me->ready, 1, memory_order_relaxed);
  pthread_mutex_lock(&me->asleep);
  pthread_mutex_unlock(&me->asleep);
  return NULL;
}

static void* spin(void* argument) {
  struct companion* const me = argument;
  bench_pin(me->cpu);
  atomic_store_explicit(&me->ready, 1, memory_order_relaxed);
  while (atomic_load_explicit(&me->stop, memory_order_relaxed) == 0) {
  }
  return NULL;
}

static void* call(void* argument) {
  struct companion* const me = argument;
  bench_pin(me->cpu);
  atomic_store_explicit(&me->ready, 1, memory_order_relaxed);
  for (uint64_t n = 1; atomic_load_explicit(&me->stop, memory_order_relaxed) == 0; ++n) {
    me->batch(1);
    atomic_store_explicit(&me->operations, n, memory_order_relaxed);
  }
  return NULL;
}

static void rest(double milliseconds) {
  const uint64_t ns = (uint64_t)(milliseconds * 1e6);
  const struct timespec t = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
  nanosleep(&t, NULL);
}

static void start(struct companion* c, void* (*body)(void*), bench_batch* batch, int cpu) {
  c->batch = batch;
  c->cpu = cpu;
  atomic_init(&c->ready, 0);
  atomic_init(&c->stop, 0);
  atomic_init(&c->operations, 0);
  pthread_mutex_init(&c->asleep, NULL);
  pthread_mutex_lock(&c->asleep);
  const int error = pthread_create(&c->thread, NULL, body, c);
  if (error != 0) bench_die("a second thread", error);
  while (atomic_load_explicit(&c->ready, memory_order_relaxed) == 0) rest(0.1);
}

static void stop(struct companion* c) {
  atomic_store_explicit(&c->stop, 1, memory_order_relaxed);
  pthread_mutex_unlock(&c->asleep);
  pthread_join(c->thread, NULL);
  pthread_mutex_destroy(&c->asleep);
}

static double milliseconds(uint64_t ns) { return (double)ns / 1e6; }

static double least(double a, double b) { return a < b ? a : b; }

static double stolen_since(double before, const struct bench_setting* setting) {
  const double now = bench_stolen(setting);
  return before < 0 || now < 0 ? -1 : now - before;
}

// How many operations take about as long as a sample should.
static uint64_t calibrate(bench_batch* batch, double wanted_ms) {
  uint64_t n = 1;
  for (;;) {
    const uint64_t t0 = bench_now(CLOCK_MONOTONIC);
    batch(n);
    const double took = milliseconds(bench_now(CLOCK_MONOTONIC) - t0);
    if (took >= wanted_ms / 4) return (uint64_t)((double)n * wanted_ms / took) + 1;
    n *= took >= wanted_ms / 32 ? 8 : 16;
  }
}

// The calling thread does the work, with nobody else running.
static struct bench_sample measure_here(bench_batch* batch, const struct bench_setting* setting) {
  const uint64_t n = calibrate(batch, setting->milliseconds);

  const double stolen = bench_stolen(setting);
  const uint64_t cpu = bench_now(CLOCK_THREAD_CPUTIME_ID);
  const uint64_t t0 = bench_now(CLOCK_MONOTONIC);
  batch(n);
  const uint64_t wall = bench_now(CLOCK_MONOTONIC) - t0;
  const double share = (double)(bench_now(CLOCK_THREAD_CPUTIME_ID) - cpu) / (double)wall;

  return (struct bench_sample){
      .ns = (double)wall / (double)n,
      .wall_ms = milliseconds(wall),
      .share = least(1, share),
      .company = 1,
      .stolen_ms = stolen_since(stolen, setting),
  };
}

// Two readings as a slice: what lies between them.
static struct bench_slice between(struct bench_slice a, struct bench_slice b) {
  return (struct bench_slice){b.wall - a.wall, b.company - a.company, b.operations - a.operations};
}

static struct bench_sample sample_of(struct bench_unbroken kept, uint64_t wall, uint64_t cpu, double stolen) {
  return (struct bench_sample){
      .ns = kept.ns,
      .wall_ms = milliseconds(wall),
      .share = least(1, (double)cpu / (double)wall),
      .company = kept.part,
      .stolen_ms = stolen,
  };
}

// The calling thread does the work, while `spinner` runs on the other CPU.
static struct bench_sample measure_beside(bench_batch* batch, const struct companion* spinner,
                                          const struct bench_setting* setting) {
  static struct bench_slice slices[bench_most_slices];
  const pthread_t theirs = spinner->thread;
  const uint64_t n = calibrate(batch, setting->milliseconds / slices_here);

  const double stolen = bench_stolen(setting);
  const uint64_t cpu = bench_now(CLOCK_THREAD_CPUTIME_ID);
  const struct bench_slice first = {bench_now(CLOCK_MONOTONIC), bench_cpu_of(theirs), 0};
  struct bench_slice last = first;
  int count = 0;
  while (count < bench_most_slices && milliseconds(last.wall - first.wall) < setting->milliseconds) {
    batch(n);
    const struct bench_slice now = {bench_now(CLOCK_MONOTONIC), bench_cpu_of(theirs), last.operations + n};
    slices[count++] = between(last, now);
    last = now;
  }
  const uint64_t had = bench_now(CLOCK_THREAD_CPUTIME_ID) - cpu;
  return sample_of(bench_keep_unbroken(slices, count), last.wall - first.wall, had, stolen_since(stolen, setting));
}

static uint64_t operations_of(struct companion* c) {
  uint64_t sum = 0;
  for (int i = 0; i < callers; ++i) sum += atomic_load_explicit(&c[i].operations, memory_order_relaxed);
  return sum;
}

static uint64_t cpu_of(const struct companion* c) {
  uint64_t sum = 0;
  for (int i = 0; i < callers; ++i) sum += bench_cpu_of(c[i].thread);
  return sum;
}

static struct bench_slice read_crowd(pthread_t spinner, struct companion* crowd) {
  return (struct bench_slice){bench_now(CLOCK_MONOTONIC), bench_cpu_of(spinner), operations_of(crowd)};
}

// The calling thread shares the callers' CPU: while it reads the figures none of them runs, so the figures agree.
static struct bench_sample measure_crowd(bench_batch* batch, const struct companion* spinner,
                                         const struct bench_setting* setting) {
  static struct companion crowd[callers];
  struct bench_slice slices[slices_of_crowd];
  const pthread_t theirs = spinner->thread;
  for (int i = 0; i < callers; ++i) start(&crowd[i], call, batch, setting->cpu);
  rest(setting->milliseconds / 4);

  const double stolen = bench_stolen(setting);
  const uint64_t cpu = cpu_of(crowd);
  const struct bench_slice first = read_crowd(theirs, crowd);
  struct bench_slice last = first;
  for (int i = 0; i < slices_of_crowd; ++i) {
    rest(setting->milliseconds / slices_of_crowd);
    const struct bench_slice now = read_crowd(theirs, crowd);
    slices[i] = between(last, now);
    last = now;
  }
  const uint64_t had = cpu_of(crowd) - cpu;

  for (int i = 0; i < callers; ++i) stop(&crowd[i]);
  if (last.operations == first.operations) {
    bench_die("no caller has made a call in all the time of a sample", ETIMEDOUT);
  }
  const struct bench_unbroken kept = bench_keep_unbroken(slices, slices_of_crowd);
  return sample_of(kept, last.wall - first.wall, had, stolen_since(stolen, setting));
}

struct bench_sample bench_measure(bench_batch* batch, enum bench_company company, const struct bench_setting* setting) {
  static struct companion second;
  bench_pin(setting->cpu);
  struct bench_sample sample = {0};
  switch (company) {
    case bench_alone: return measure_here(batch, setting);
    case bench_asleep:
      start(&second, sleep_all_the_time, NULL, setting->cpu);
      sample = measure_here(batch, setting);
      break;
    case bench_spinning:
      start(&second, spin, NULL, setting->other);
      sample = measure_beside(batch, &second, setting);
      break;
    case bench_crowd:
      start(&second, spin, NULL, setting->other);
      sample = measure_crowd(batch, &second, setting);
      break;
  }
  stop(&second);
  return sample;
}
