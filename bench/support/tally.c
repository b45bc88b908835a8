#include "bench/support/tally.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

#include "bench/support/cpu.h"

enum { most_threads = 256 };  // that count

static struct bench_tally tallies[most_threads];
static atomic_flag is_taken[most_threads];  // zero-initialized: clear
static atomic_int taken;                    // below which all are that have ever been
static _Atomic int64_t most;
static _Alignas(128) _Atomic int64_t unreclaimed;
__thread struct bench_tally* bench_mine;

void bench_take_tally(void) {
  int i = 0;
  // Acquire: what the last owner has counted. Pairs with bench_give_tally().
  while (i < most_threads && atomic_flag_test_and_set_explicit(&is_taken[i], memory_order_acquire)) ++i;
  if (i == most_threads) bench_die("counting objects in so many threads", ENOSPC);
  int below = atomic_load_explicit(&taken, memory_order_relaxed);
  while (below <= i &&
         !atomic_compare_exchange_weak_explicit(&taken, &below, i + 1, memory_order_relaxed, memory_order_relaxed)) {
  }
  bench_mine = &tallies[i];
}

void bench_give_tally(void) {
  if (bench_mine == NULL) return;
  // Release: what we have counted. Pairs with bench_take_tally().
  atomic_flag_clear_explicit(&is_taken[bench_mine - tallies], memory_order_release);
  bench_mine = NULL;
}

static void note(int64_t count) {
  int64_t seen = atomic_load_explicit(&most, memory_order_relaxed);
  while (count > seen &&
         !atomic_compare_exchange_weak_explicit(&most, &seen, count, memory_order_relaxed, memory_order_relaxed)) {
  }
}

static int used(void) { return atomic_load_explicit(&taken, memory_order_relaxed); }

uint64_t bench_all_reclaimed(void) {
  uint64_t sum = 0;
  for (int i = used() - 1; i >= 0; --i) sum += __atomic_load_n(&tallies[i].reclaimed, __ATOMIC_RELAXED);
  return sum;
}

uint64_t bench_all_retired(void) {
  uint64_t sum = 0;
  for (int i = used() - 1; i >= 0; --i) sum += __atomic_load_n(&tallies[i].retired, __ATOMIC_RELAXED);
  return sum;
}

// A deleter that another thread has run meanwhile is missed, if anything: never more than there are.
void bench_look(void) {
  const uint64_t retired = bench_all_retired();
  note((int64_t)(retired - bench_all_reclaimed()));
}

void bench_forget_tallies(void) {
  for (int i = used() - 1; i >= 0; --i) {
    __atomic_store_n(&tallies[i].retired, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&tallies[i].reclaimed, 0, __ATOMIC_RELAXED);
  }
  atomic_store_explicit(&most, 0, memory_order_relaxed);
  atomic_store_explicit(&unreclaimed, 0, memory_order_relaxed);
}

uint64_t bench_most_unreclaimed(void) {
  const int64_t count = atomic_load_explicit(&most, memory_order_relaxed);
  return count > 0 ? (uint64_t)count : 0;
}

void bench_retired_exactly(void) { note(atomic_fetch_add_explicit(&unreclaimed, 1, memory_order_relaxed) + 1); }

void bench_reclaimed_exactly(void) { atomic_fetch_sub_explicit(&unreclaimed, 1, memory_order_relaxed); }
