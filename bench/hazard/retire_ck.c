// Retiring with ck's hazard pointers: see bench/support/retire.h.
#include <errno.h>

#include "bench/hazard/ck.h"
#include "bench/support/cpu.h"
#include "bench/support/retire.h"

_Static_assert(sizeof(ck_hp_hazard_t) <= sizeof(struct bench_object), "an object begins with its ck_hp_hazard_t");

// One for each of the two ways to count.
static struct bench_ck quickly = BENCH_CK;
static struct bench_ck exactly = BENCH_CK;
static _Thread_local struct bench_ck_record* own_quickly;
static _Thread_local struct bench_ck_record* own_exactly;

static void reclaim(void* object) {
  (void)object;
  bench_reclaimed();
}

static void reclaim_exactly(void* object) {
  (void)object;
  bench_reclaimed_exactly();
}

static void arrive(void) {
  own_quickly = bench_ck_take(&quickly);
  own_exactly = bench_ck_take(&exactly);
  if (own_quickly == NULL || own_exactly == NULL) bench_die("so many threads with hazard pointers", ENOSPC);
}

static void depart(void) {
  bench_ck_give(&quickly, own_quickly);
  bench_ck_give(&exactly, own_exactly);
}

static void retire(struct bench_object* objects, uint64_t count) {
  ck_hp_record_t* const own = &own_quickly->record;
  for (uint64_t done = 0; done < count;) {
    const uint64_t some = count - done < bench_at_a_time ? count - done : bench_at_a_time;
    for (uint64_t i = 0; i < some; ++i) {
      struct bench_object* const o = &objects[done + i];
      ck_hp_free(own, (ck_hp_hazard_t*)o, o, o);
    }
    bench_retired(some);
    done += some;
  }
}

static void retire_exactly(struct bench_object* objects, uint64_t count) {
  ck_hp_record_t* const own = &own_exactly->record;
  for (uint64_t i = 0; i < count; ++i) {
    ck_hp_free(own, (ck_hp_hazard_t*)&objects[i], &objects[i], &objects[i]);
    bench_retired_exactly();
  }
}

static void barrier(void) {
  bench_ck_barrier(&quickly);
  bench_ck_barrier(&exactly);
}

int main(int argc, char** argv) {
  static const struct retire_peer peer = {&arrive, &depart, &retire, &retire_exactly, &barrier};
  static const struct retire_row rows[] = {{"1t", 1, &peer}, {"2t", 2, &peer}, {NULL, 0, NULL}};
  bench_ck_prepare(&quickly, &reclaim);
  bench_ck_prepare(&exactly, &reclaim_exactly);
  return retire_main(rows, argc, argv);
}
