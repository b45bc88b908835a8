// uatomic_* on each size, barriers, and what the small headers offer.
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <urcu/arch.h>
#include <urcu/compiler.h>
#include <urcu/system.h>
#include <urcu/uatomic.h>

#include "tests/rcu/urcu/check.h"

#define EACH_OPERATION(type)                           \
  do {                                                 \
    type x = 5;                                        \
    type around[3] = {0x55, 0, 0x55};                  \
    CHECK(uatomic_read(&x) == 5);                      \
    uatomic_set(&x, 7);                                \
    CHECK(x == 7);                                     \
    CHECK(uatomic_xchg(&x, 9) == 7 && x == 9);         \
    CHECK(uatomic_cmpxchg(&x, 8, 1) == 9 && x == 9);   \
    CHECK(uatomic_cmpxchg(&x, 9, 10) == 9 && x == 10); \
    CHECK(uatomic_add_return(&x, 5) == 15 && x == 15); \
    CHECK(uatomic_sub_return(&x, 4) == 11 && x == 11); \
    uatomic_add(&x, 3);                                \
    CHECK(x == 14);                                    \
    uatomic_sub(&x, 2);                                \
    CHECK(x == 12);                                    \
    uatomic_inc(&x);                                   \
    CHECK(x == 13);                                    \
    uatomic_dec(&x);                                   \
    CHECK(x == 12);                                    \
    uatomic_and(&x, 6);                                \
    CHECK(x == 4);                                     \
    uatomic_or(&x, 3);                                 \
    CHECK(x == 7);                                     \
    uatomic_set(&around[1], (type)-1);                 \
    CHECK(uatomic_add_return(&around[1], 1) == 0);     \
    CHECK(around[0] == 0x55 && around[2] == 0x55);     \
  } while (0)

static void bytes(void) {
#ifdef UATOMIC_HAS_ATOMIC_BYTE
  EACH_OPERATION(unsigned char);
  EACH_OPERATION(int8_t);
#endif
}
static void shorts(void) {
#ifdef UATOMIC_HAS_ATOMIC_SHORT
  EACH_OPERATION(unsigned short);
  EACH_OPERATION(int16_t);
#endif
}
static void ints(void) {
  EACH_OPERATION(unsigned int);
  EACH_OPERATION(int);
}
static void longs(void) {
  EACH_OPERATION(unsigned long);
  EACH_OPERATION(long);
}

static void pointers(void) {
  int a = 1, b = 2;
  int* p = &a;
  CHECK(uatomic_read(&p) == &a);
  CHECK(uatomic_xchg(&p, &b) == &a);
  CHECK(uatomic_cmpxchg(&p, &a, &a) == &b && p == &b);
  CHECK(uatomic_cmpxchg(&p, &b, &a) == &b && p == &a);
  uatomic_set(&p, NULL);
  CHECK(p == NULL);
}

static int calls;
static int next(void) { return ++calls; }

static void arguments_are_evaluated_once(void) {
  int many[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  int i = 0;
  calls = 0;
  uatomic_set(&many[i++], next());
  uatomic_add(&many[i++], next());
  CHECK(uatomic_xchg(&many[i++], next()) == 0);
  CHECK(uatomic_cmpxchg(&many[i++], 0, next()) == 0);
  CHECK(uatomic_add_return(&many[i++], next()) == 5);
  CHECK(i == 5 && calls == 5);
  for (i = 0; i < 5; ++i) CHECK(many[i] == i + 1);
}

static void barriers_compile(void) {
  int x = 0;
  cmm_smp_mb__before_uatomic_add();
  uatomic_add(&x, 1);
  cmm_smp_mb__after_uatomic_add();
  cmm_smp_mb__before_uatomic_sub();
  uatomic_sub(&x, 1);
  cmm_smp_mb__after_uatomic_sub();
  cmm_smp_mb__before_uatomic_or();
  uatomic_or(&x, 1);
  cmm_smp_mb__after_uatomic_or();
  cmm_smp_mb__before_uatomic_and();
  uatomic_and(&x, 1);
  cmm_smp_mb__after_uatomic_and();
  cmm_smp_mb__before_uatomic_inc();
  uatomic_inc(&x);
  cmm_smp_mb__after_uatomic_inc();
  cmm_smp_mb__before_uatomic_dec();
  uatomic_dec(&x);
  cmm_smp_mb__after_uatomic_dec();
  cmm_mb();
  cmm_rmb();
  cmm_wmb();
  cmm_mc();
  cmm_rmc();
  cmm_wmc();
  cmm_smp_mb();
  cmm_smp_rmb();
  cmm_smp_wmb();
  cmm_smp_mc();
  cmm_smp_rmc();
  cmm_smp_wmc();
  cmm_read_barrier_depends();
  cmm_smp_read_barrier_depends();
  cmm_barrier();
  caa_cpu_relax();
  CHECK(x == 1);
}

static unsigned char small_sum[4];

struct pair {
  int first;
  long second;
};

static void small_things(void) {
  struct pair p = {1, 2};
  long* second = &p.second;
  int x = 3;
  caa_cycles_t before = caa_get_cycles();
  CHECK(caa_container_of(second, struct pair, second) == &p);
  CHECK(caa_likely(x == 3) && !caa_unlikely(x == 4));
  CHECK(CMM_LOAD_SHARED(x) == 3);
  CMM_STORE_SHARED(x, 4);
  CHECK(CMM_STORE_SHARED(x, 5) == 5 && x == 5);
  CMM_ACCESS_ONCE(x) = 6;
  CHECK(CMM_ACCESS_ONCE(x) == 6);
  CHECK(CAA_CACHE_LINE_SIZE >= 16);
  CHECK(CAA_ARRAY_SIZE(small_sum) == 4);
  while (caa_get_cycles() == before) caa_cpu_relax();
}

enum { THREADS = 4, ROUNDS = 20000 };
static unsigned long sum;
static int turns;

static void* adds(void* arg) {
  int i;
  for (i = 0; i < ROUNDS; ++i) {
    int seen = uatomic_read(&turns);
    uatomic_inc(&sum);
#ifdef UATOMIC_HAS_ATOMIC_BYTE
    uatomic_add(&small_sum[(uintptr_t)arg % 4], 1);
#endif
    for (;;) {
      int found = uatomic_cmpxchg(&turns, seen, seen + 1);
      if (found == seen) break;
      seen = found;
    }
  }
  return NULL;
}

static void none_is_lost(void) {
  pthread_t threads[THREADS];
  uintptr_t i;
  for (i = 0; i < THREADS; ++i) CHECK(pthread_create(&threads[i], NULL, adds, (void*)i) == 0);
  for (i = 0; i < THREADS; ++i) pthread_join(threads[i], NULL);
  CHECK(sum == (unsigned long)THREADS * ROUNDS);
  CHECK(turns == THREADS * ROUNDS);
#ifdef UATOMIC_HAS_ATOMIC_BYTE
  for (i = 0; i < 4; ++i) CHECK(small_sum[i] == (unsigned char)ROUNDS);
#endif
}

// Dekker: two full barriers, in the shape of exchanges. Never both threads see nothing.
static int flags[2], seen_by[2], arrived;

// Both threads come here, `round` times by now.
static void meet(int round) {
  cmm_smp_mb();
  uatomic_inc(&arrived);
  while (uatomic_read(&arrived) < 2 * round) sched_yield();
  cmm_smp_mb();
}

static void* dekker(void* arg) {
  const int me = (int)(uintptr_t)arg;
  int round = 0;
  while (round < 6000) {
    meet(++round);
    uatomic_xchg(&flags[me], 1);
    uatomic_set(&seen_by[me], uatomic_read(&flags[1 - me]));
    meet(++round);
    CHECK(uatomic_read(&seen_by[0]) || uatomic_read(&seen_by[1]));
    meet(++round);
    uatomic_set(&flags[me], 0);
  }
  return NULL;
}

static void exchanges_are_full_barriers(void) {
  pthread_t other;
  CHECK(pthread_create(&other, NULL, dekker, (void*)1) == 0);
  dekker((void*)0);
  pthread_join(other, NULL);
}

int main(void) {
  RUN(bytes);
  RUN(shorts);
  RUN(ints);
  RUN(longs);
  RUN(pointers);
  RUN(arguments_are_evaluated_once);
  RUN(barriers_compile);
  RUN(small_things);
  RUN(none_is_lost);
  RUN(exchanges_are_full_barriers);
  return finish();
}
