#include "bench/support/mixed.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "bench/support/companion.h"
#include "bench/support/cpu.h"

enum { sections_at_once = 200, most_rounds = 10000, ns_between_updates = 10000 };

static const struct mixed_peer* peer;
static atomic_int exactly;  // how the writer counts; any order will do

uint64_t* bench_node(void) {
  uint64_t* const node = malloc(bench_node_words * sizeof *node);
  if (node == NULL) bench_die("an object", ENOMEM);
  node[bench_node_words - 1] = 1;
  return node;
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

static void update(uint64_t operations) {
  (atomic_load_explicit(&exactly, memory_order_relaxed) != 0 ? peer->update_exactly : peer->update)(operations);
}

static void* update_all_the_time(void* argument) {
  struct bench_companion* const me = argument;
  peer->arrive();
  bench_here(me);
  for (uint64_t n = bench_at_a_time; !bench_stopped(me); n += bench_at_a_time) {
    update(bench_at_a_time);
    bench_did(me, n);
  }
  peer->depart();
  bench_give_tally();
  return NULL;
}

// One at a time. What it is late it makes up for, so that the rate is kept.
static void* update_now_and_then(void* argument) {
  struct bench_companion* const me = argument;
  peer->arrive();
  bench_here(me);
  uint64_t next = bench_now(CLOCK_MONOTONIC);
  for (uint64_t n = 1; !bench_stopped(me); ++n) {
    while (bench_now(CLOCK_MONOTONIC) < next) {
    }
    next += ns_between_updates;
    update(1);
    bench_did(me, n);
  }
  peer->depart();
  bench_give_tally();
  return NULL;
}

struct progress {
  uint64_t wall;
  uint64_t reads;
  uint64_t updates;
};

static struct progress look(struct bench_companion* reader, struct bench_companion* writer) {
  return (struct progress){bench_now(CLOCK_MONOTONIC), bench_done(reader), bench_done(writer)};
}

static struct bench_sample take(const struct bench_row* row, const struct bench_setting* setting) {
  const int slowly = strcmp(row->name, "rwlim") == 0;
  static struct bench_companion reader;
  static struct bench_companion writer;
  atomic_store_explicit(&exactly, 0, memory_order_relaxed);
  // A library's own threads inherit the CPUs of who begins them: all.
  bench_unpin();
  peer->arrive();
  peer->update(1);
  peer->barrier();
  peer->depart();
  bench_forget_tallies();

  bench_start(&reader, read_all_the_time, NULL, setting->cpu);
  bench_start(&writer, slowly ? update_now_and_then : update_all_the_time, NULL, setting->other);
  bench_rest(setting->milliseconds / 4);
  const double stolen = bench_stolen(setting);
  const struct bench_reading before = bench_read_cpus();
  const struct progress from = look(&reader, &writer);
  // A sample that is shorter than a writer's turn on a busy machine goes on until there is something to divide by.
  struct progress to = from;
  for (int rounds = 0; to.updates == from.updates && rounds < most_rounds; ++rounds) {
    bench_rest(setting->milliseconds);
    to = look(&reader, &writer);
  }
  const double foreign = bench_foreign_part(before, bench_read_cpus());
  const double taken = bench_stolen_since(stolen, setting);
  atomic_store_explicit(&exactly, 1, memory_order_relaxed);
  bench_rest(setting->milliseconds / 4);
  bench_stop(&writer);
  bench_stop(&reader);
  peer->barrier();

  if (bench_all_reclaimed() != bench_all_retired()) bench_die("barrier() has come back before the last deleter", EBUSY);
  if (to.updates == from.updates) bench_die("no update in all the time of a sample", ETIMEDOUT);
  const double wall = (double)(to.wall - from.wall);
  return (struct bench_sample){
      .ns = wall / (double)(to.updates - from.updates),
      .wall_ms = wall / 1e6,
      .share = 1 - foreign,
      .company = 1,
      .stolen_ms = taken,
      .more = {{"reads", (double)(to.reads - from.reads) * 1e9 / wall},
               {"updates", (double)(to.updates - from.updates) * 1e9 / wall},
               {"peak", (double)bench_most_unreclaimed()}},
  };
}

int mixed_main(const struct mixed_peer* p, int argc, char** argv) {
  static const struct bench_row rows[] = {
      {"rw", bench_pair, NULL}, {"rwlim", bench_pair, NULL}, {NULL, bench_alone, NULL}};
  static const struct bench_program program = {.rows = rows, .take = &take};
  peer = p;
  return bench_main(&program, argc, argv);
}
