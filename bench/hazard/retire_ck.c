// Retiring with ck's hazard pointers: see bench/support/retire.h.
#include <errno.h>

#include "bench/hazard/ck.h"
#include "bench/support/cpu.h"
#include "bench/support/retire.h"

_Static_assert(sizeof(ck_hp_hazard_t) <= sizeof(struct bench_object), "an object begins with its ck_hp_hazard_t");

// One for each deleter.
enum { quickly, writing, exactly, ways };
static struct bench_ck cks[ways] = {BENCH_CK, BENCH_CK, BENCH_CK};
static _Thread_local struct bench_ck_record* own[ways];

static void reclaim(void* object) {
  (void)object;
  bench_reclaimed();
}

static void reclaim_written(void* object) {
  bench_write(object);
  bench_reclaimed();
}

static void reclaim_exactly(void* object) {
  (void)object;
  bench_reclaimed_exactly();
}

static void arrive(void) {
  for (int i = 0; i < ways; ++i) {
    own[i] = bench_ck_take(&cks[i]);
    if (own[i] == NULL) bench_die("so many threads with hazard pointers", ENOSPC);
  }
}

static void depart(void) {
  for (int i = 0; i < ways; ++i) bench_ck_give(&cks[i], own[i]);
}

static void retire_with(ck_hp_record_t* record, struct bench_object* objects, uint64_t count) {
  for (uint64_t done = 0; done < count;) {
    const uint64_t some = count - done < bench_at_a_time ? count - done : bench_at_a_time;
    for (uint64_t i = 0; i < some; ++i) {
      struct bench_object* const o = &objects[done + i];
      ck_hp_free(record, (ck_hp_hazard_t*)o, o, o);
    }
    bench_retired(some);
    done += some;
  }
}

static void retire(struct bench_object* objects, uint64_t count) { retire_with(&own[quickly]->record, objects, count); }

static void retire_written(struct bench_object* objects, uint64_t count) {
  retire_with(&own[writing]->record, objects, count);
}

static void retire_exactly(struct bench_object* objects, uint64_t count) {
  ck_hp_record_t* const record = &own[exactly]->record;
  for (uint64_t i = 0; i < count; ++i) {
    ck_hp_free(record, (ck_hp_hazard_t*)&objects[i], &objects[i], &objects[i]);
    bench_retired_exactly();
  }
}

static void barrier(void) {
  for (int i = 0; i < ways; ++i) bench_ck_barrier(&cks[i]);
}

int main(int argc, char** argv) {
  static const struct retire_peer peer = {&arrive, &depart, &retire, &retire_exactly, &barrier};
  static const struct retire_peer writer = {&arrive, &depart, &retire_written, &retire_exactly, &barrier};
  static const struct retire_row rows[] = {
      {"1t", 1, &peer}, {"2t", 2, &peer}, {"1t_written", 1, &writer}, {"2t_written", 2, &writer}, {NULL, 0, NULL}};
  bench_ck_prepare(&cks[quickly], &reclaim);
  bench_ck_prepare(&cks[writing], &reclaim_written);
  bench_ck_prepare(&cks[exactly], &reclaim_exactly);
  return retire_main(rows, argc, argv);
}
