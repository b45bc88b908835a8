// How many objects are retired and not reclaimed, counted by the threads that retire and by the deleters, for all
// implementations alike.
//
// Two ways. While something is timed, each thread counts on a line of its own, and whoever retires adds all of these up
// now and then (bench_retired, every 64th object or so): it costs next to nothing, and sees the most to within that
// number. Untimed, each object is counted by a read-modify-write of one word for all: the most is exact.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { bench_at_a_time = 64 };

// One thread's; written by it alone.
struct bench_tally {
  __attribute__((aligned(128))) uint64_t retired;
  uint64_t reclaimed;
};

extern __thread struct bench_tally* bench_mine;  // null at first
void bench_take_tally(void);
void bench_look(void);

// The calling thread counts no more for now; another one may take its line, and counts on. For threads of a harness,
// of which there are many, one after the other: each line costs every look.
void bench_give_tally(void);

// Nobody counts while this is called.
void bench_forget_tallies(void);
// Deleters that have been run since, as far as the caller knows of it; and the most objects that were unreclaimed.
uint64_t bench_all_reclaimed(void);
uint64_t bench_all_retired(void);
uint64_t bench_most_unreclaimed(void);

// All of these are relaxed: only counted, and ordered by what is measured.

// Of the caller's, so many more have been retired.
static inline void bench_retired(uint64_t objects) {
  if (bench_mine == 0) bench_take_tally();
  __atomic_store_n(&bench_mine->retired, bench_mine->retired + objects, __ATOMIC_RELAXED);
  bench_look();
}

// In a deleter.
static inline void bench_reclaimed(void) {
  if (bench_mine == 0) bench_take_tally();
  __atomic_store_n(&bench_mine->reclaimed, bench_mine->reclaimed + 1, __ATOMIC_RELAXED);
}

// The same, exactly. An object counts from the return of the call that retires it.
void bench_retired_exactly(void);
void bench_reclaimed_exactly(void);

#ifdef __cplusplus
}
#endif
