#include "bench/rcu/grace.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/support/companion.h"
#include "bench/support/cpu.h"
#include "bench/support/slices.h"

enum {
  callers = 8,
  most_sleepers = 1024,
  slices_here = 50,      // as in bench/support/measure.c
  slices_of_crowd = 25,  // likewise
  looks = 5,             // at who else runs, where nobody of us does besides
  sections_at_once = 500,
  most_timed = 1 << 17,  // calls that are timed one by one
};

static const struct grace_peer* peer;

static void* sleep_registered(void* argument) {
  struct bench_companion* const me = argument;
  peer->arrive();
  peer->read(1);
  bench_here(me);
  bench_sleep(me);
  peer->depart();
  return NULL;
}

static void* read_all_the_time(void* argument) {
  struct bench_companion* const me = argument;
  peer->arrive();
  bench_here(me);
  for (uint64_t n = sections_at_once; !bench_stopped(me); n += sections_at_once) {
    peer->read(sections_at_once);
    bench_did(me, n);
  }
  peer->depart();
  return NULL;
}

// Durations of calls, in nanoseconds.
struct durations {
  uint32_t ns[most_timed];
  size_t count;
};

static void call_timed(struct durations* into) {
  const uint64_t t0 = bench_now(CLOCK_MONOTONIC);
  peer->synchronize(1);
  const uint64_t took = bench_now(CLOCK_MONOTONIC) - t0;
  if (into->count < most_timed) into->ns[into->count++] = took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
}

static int by_size(const void* a, const void* b) {
  const uint32_t x = *(const uint32_t*)a;
  const uint32_t y = *(const uint32_t*)b;
  return (x > y) - (x < y);
}

static double p99_of(struct durations* d) {
  qsort(d->ns, d->count, sizeof d->ns[0], by_size);
  const size_t at = (d->count - 1) * 99 / 100;
  return d->ns[at];
}

static struct bench_sample sample_of(struct bench_unbroken kept, uint64_t wall, double share, double stolen,
                                     double p99) {
  return (struct bench_sample){
      .ns = kept.ns,
      .wall_ms = bench_ms(wall),
      .share = share < 1 ? share : 1,
      .company = kept.part,
      .stolen_ms = stolen,
      .more = {{"p99_ns", p99}},
  };
}

static void add_reader(struct bench_sample* sample, struct bench_slice all) {
  sample->more[1] = (struct bench_value){"reader", (double)all.company / (double)all.wall};
}

// One caller: the measuring thread.

// Without a reader every slice counts as unbroken.
static struct bench_slice read_clocks(const struct bench_companion* reader, uint64_t operations) {
  const uint64_t wall = bench_now(CLOCK_MONOTONIC);
  return (struct bench_slice){wall, reader != NULL ? bench_cpu_of(reader->thread) : wall, operations};
}

// Calls one by one for so long. Of those that are kept the reader ran without a break.
static double find_p99(const struct bench_companion* reader, double milliseconds) {
  static struct durations timed;
  static struct bench_slice slices[slices_here];
  size_t begins[slices_here + 1] = {0};
  int count = 0;
  timed.count = 0;
  struct bench_slice last = read_clocks(reader, 0);
  while (count < slices_here && timed.count < most_timed) {
    const uint64_t until = last.wall + (uint64_t)(milliseconds * 1e6 / slices_here);
    do call_timed(&timed);
    while (bench_now(CLOCK_MONOTONIC) < until);
    const struct bench_slice now = read_clocks(reader, timed.count);
    slices[count] = bench_between(last, now);
    begins[++count] = timed.count;
    last = now;
  }
  const double usual = bench_usual_share(slices, count);
  size_t kept = 0;
  for (int i = 0; i < count; ++i) {
    if (!bench_is_unbroken(&slices[i], usual)) continue;
    memmove(&timed.ns[kept], &timed.ns[begins[i]], (begins[i + 1] - begins[i]) * sizeof timed.ns[0]);
    kept += begins[i + 1] - begins[i];
  }
  timed.count = kept;
  return p99_of(&timed);
}

static struct bench_sample measure_one(const struct bench_companion* reader, const struct bench_setting* setting) {
  static struct bench_slice slices[bench_most_slices];
  const uint64_t n = bench_calibrate(peer->synchronize, setting->milliseconds / slices_here);

  const double stolen = bench_stolen(setting);
  double others = 0;
  const uint64_t cpu = bench_now(CLOCK_THREAD_CPUTIME_ID);
  const struct bench_slice first = read_clocks(reader, 0);
  struct bench_slice last = first;
  int count = 0;
  while (count < bench_most_slices && bench_ms(last.wall - first.wall) < setting->milliseconds) {
    peer->synchronize(n);
    const struct bench_slice now = read_clocks(reader, last.operations + n);
    slices[count++] = bench_between(last, now);
    if (reader == NULL && count % (slices_here / looks) == 0) others += bench_others(1) / looks;
    last = reader == NULL ? read_clocks(NULL, now.operations) : now;
  }
  const uint64_t had = bench_now(CLOCK_THREAD_CPUTIME_ID) - cpu;
  const struct bench_slice all = bench_between(first, last);
  const struct bench_unbroken kept = bench_keep_unbroken(slices, count);
  const double p99 = find_p99(reader, setting->milliseconds / 2);
  const double taken = bench_stolen_since(stolen, setting);
  struct bench_sample sample = sample_of(kept, all.wall, (double)had / (double)all.wall, taken, p99);
  sample.others = others;
  if (reader != NULL) add_reader(&sample, all);
  return sample;
}

static struct bench_sample measure_sleepers(int sleepers, const struct bench_setting* setting) {
  static struct bench_companion asleep[most_sleepers];
  bench_pin(setting->cpu);
  peer->arrive();
  for (int i = 0; i < sleepers; ++i) bench_launch(&asleep[i], sleep_registered, NULL, -1);
  for (int i = 0; i < sleepers; ++i) bench_await(&asleep[i]);
  const struct bench_sample sample = measure_one(NULL, setting);
  for (int i = 0; i < sleepers; ++i) bench_stop(&asleep[i]);
  peer->depart();
  return sample;
}

static struct bench_sample measure_active(const struct bench_setting* setting) {
  static struct bench_companion reader;
  bench_pin(setting->cpu);
  peer->arrive();
  bench_start(&reader, read_all_the_time, NULL, setting->other);
  const struct bench_sample sample = measure_one(&reader, setting);
  bench_stop(&reader);
  peer->depart();
  return sample;
}

// Eight callers.

static atomic_int one_by_one;  // whether the callers time each call; any order will do

static void* call(void* argument) {
  struct bench_companion* const me = argument;
  struct durations* const timed = me->argument;
  peer->arrive();
  bench_here(me);
  for (uint64_t n = 1; !bench_stopped(me); ++n) {
    if (atomic_load_explicit(&one_by_one, memory_order_relaxed) != 0) {
      call_timed(timed);
    } else {
      peer->synchronize(1);
    }
    bench_did(me, n);
  }
  peer->depart();
  return NULL;
}

struct crowd {
  struct bench_companion callers[callers];
  struct durations timed[callers];
  struct durations all;
};
static struct crowd crowd;

static uint64_t operations_of_crowd(void) {
  uint64_t sum = 0;
  for (int i = 0; i < callers; ++i) sum += bench_done(&crowd.callers[i]);
  return sum;
}

static uint64_t cpu_of_crowd(void) {
  uint64_t sum = 0;
  for (int i = 0; i < callers; ++i) sum += bench_cpu_of(crowd.callers[i].thread);
  return sum;
}

static double p99_of_crowd(void) {
  for (int i = 0; i < callers; ++i) {
    const struct durations* const d = &crowd.timed[i];
    size_t fits = most_timed - crowd.all.count;
    if (d->count < fits) fits = d->count;
    memcpy(&crowd.all.ns[crowd.all.count], d->ns, fits * sizeof d->ns[0]);
    crowd.all.count += fits;
  }
  return p99_of(&crowd.all);
}

// With a reader the measuring thread shares the callers' CPU: while it reads the figures none of them runs.
static struct bench_sample measure_calls(const struct bench_companion* reader, const struct bench_setting* setting) {
  struct bench_slice slices[slices_of_crowd];
  bench_rest(setting->milliseconds / 4);

  const double stolen = bench_stolen(setting);
  const struct bench_reading before = bench_read_cpus();
  const uint64_t cpu = cpu_of_crowd();
  const struct bench_slice first = read_clocks(reader, operations_of_crowd());
  struct bench_slice last = first;
  for (int i = 0; i < slices_of_crowd; ++i) {
    // In a very short sample on a busy machine: until there is a call.
    do bench_rest(setting->milliseconds / slices_of_crowd);
    while (i == slices_of_crowd - 1 && operations_of_crowd() == first.operations);
    const struct bench_slice now = read_clocks(reader, operations_of_crowd());
    slices[i] = bench_between(last, now);
    last = now;
  }
  const struct bench_slice all = bench_between(first, last);
  const uint64_t had = cpu_of_crowd() - cpu;
  const double foreign = bench_foreign_part(before, bench_read_cpus());
  atomic_store_explicit(&one_by_one, 1, memory_order_relaxed);
  // The call that each of them is in may have begun before.
  const uint64_t enough = operations_of_crowd() + 2 * (uint64_t)callers;
  do bench_rest(setting->milliseconds / 2);
  while (operations_of_crowd() < enough);

  for (int i = 0; i < callers; ++i) bench_stop(&crowd.callers[i]);
  // Callers that have a CPU of their own use it up; where they go where they like, others are looked for instead.
  const double share = reader != NULL ? (double)had / (double)all.wall : 1 - foreign;
  struct bench_sample sample = sample_of(bench_keep_unbroken(slices, slices_of_crowd), all.wall, share,
                                         bench_stolen_since(stolen, setting), p99_of_crowd());
  if (reader != NULL) add_reader(&sample, all);
  return sample;
}

static struct bench_sample measure_crowd(int with_reader, const struct bench_setting* setting) {
  static struct bench_companion reader;
  atomic_store_explicit(&one_by_one, 0, memory_order_relaxed);
  crowd.all.count = 0;
  for (int i = 0; i < callers; ++i) crowd.timed[i].count = 0;
  if (with_reader) {
    bench_start(&reader, read_all_the_time, NULL, setting->other);
    bench_pin(setting->cpu);
  } else {
    bench_unpin();
  }
  for (int i = 0; i < callers; ++i) {
    bench_start(&crowd.callers[i], call, &crowd.timed[i], with_reader ? setting->cpu : -1);
  }
  const struct bench_sample sample = measure_calls(with_reader ? &reader : NULL, setting);
  if (with_reader) bench_stop(&reader);
  return sample;
}

static struct bench_sample take(const struct bench_row* row, const struct bench_setting* setting) {
  if (strcmp(row->name, "8_idle") == 0) return measure_crowd(0, setting);
  if (strcmp(row->name, "8_active") == 0) return measure_crowd(1, setting);
  if (strcmp(row->name, "active") == 0) return measure_active(setting);
  return measure_sleepers(strcmp(row->name, "1024") == 0 ? most_sleepers : 1, setting);
}

int grace_main(const struct grace_peer* p, int argc, char** argv) {
  static const struct bench_row rows[] = {
      {"8_idle", bench_alone, NULL},    {"idle", bench_asleep, NULL},    {"1024", bench_asleep, NULL},
      {"active", bench_spinning, NULL}, {"8_active", bench_crowd, NULL}, {NULL, bench_alone, NULL},
  };
  static const struct bench_program program = {.rows = rows, .take = &take};
  peer = p;
  return bench_main(&program, argc, argv);
}
