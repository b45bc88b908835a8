// Reference counts, pointers of readers and writers, variables of a thread, futexes.
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <urcu-pointer.h>
#include <urcu/compiler.h>
#include <urcu/futex.h>
#include <urcu/ref.h>
#include <urcu/tls-compat.h>
#include <urcu/uatomic.h>

#include "tests/rcu/urcu/check.h"

struct counted {
  int plain;
  struct urcu_ref ref;
};

static int released;
static int plain_sum;

static void release(struct urcu_ref* ref) {
  struct counted* object = caa_container_of(ref, struct counted, ref);
  plain_sum = object->plain;
  ++released;
}

static void the_last_one_releases(void) {
  struct counted object;
  object.plain = 4;
  released = 0;
  urcu_ref_init(&object.ref);
  urcu_ref_get(&object.ref);
  urcu_ref_put(&object.ref, release);
  CHECK(released == 0);
  urcu_ref_put(&object.ref, release);
  CHECK(released == 1 && plain_sum == 4);
}

static void none_from_zero_nor_beyond(void) {
  struct urcu_ref ref;
  urcu_ref_set(&ref, 0);
  CHECK(!urcu_ref_get_unless_zero(&ref));
  urcu_ref_set(&ref, 1);
  CHECK(urcu_ref_get_unless_zero(&ref));
  CHECK(uatomic_read(&ref.refcount) == 2);
  CHECK(urcu_ref_get_safe(&ref));
  urcu_ref_set(&ref, LONG_MAX);
  CHECK(!urcu_ref_get_safe(&ref));
  CHECK(!urcu_ref_get_unless_zero(&ref));
  CHECK(uatomic_read(&ref.refcount) == LONG_MAX);
}

static struct counted shared_object;

static void* writes_and_puts(void* arg) {
  (void)arg;
  uatomic_inc(&shared_object.plain);
  urcu_ref_put(&shared_object.ref, release);
  return NULL;
}

static void the_last_one_sees_all(void) {
  pthread_t threads[4];
  int i, round;
  for (round = 0; round < 50; ++round) {
    released = plain_sum = 0;
    shared_object.plain = 0;
    urcu_ref_set(&shared_object.ref, 4);
    for (i = 0; i < 4; ++i) CHECK(pthread_create(&threads[i], NULL, writes_and_puts, NULL) == 0);
    for (i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
    CHECK(released == 1 && plain_sum == 4);
  }
}

static void pointers(void) {
  int a = 1, b = 2;
  int* p = NULL;
  void* v = &a;
  rcu_assign_pointer(p, &a);
  CHECK(rcu_dereference(p) == &a);
  rcu_set_pointer(&p, &b);
  CHECK(rcu_dereference(p) == &b);
  CHECK(rcu_xchg_pointer(&p, &a) == &b);
  CHECK(rcu_cmpxchg_pointer(&p, &b, &b) == &a && p == &a);
  CHECK(rcu_cmpxchg_pointer(&p, &a, &b) == &a && p == &b);
  rcu_assign_pointer(p, NULL);
  CHECK(rcu_dereference(p) == NULL);
  CHECK(rcu_dereference_sym(v) == &a);
  rcu_set_pointer_sym(&v, &b);
  CHECK(v == &b);
  CHECK(rcu_xchg_pointer_sym(&v, &a) == &b && v == &a);
  CHECK(rcu_cmpxchg_pointer_sym(&v, &a, NULL) == &a && v == NULL);
}

extern DECLARE_URCU_TLS(int, own);
DEFINE_URCU_TLS(int, own);
static DEFINE_URCU_TLS(int, hidden);

static void* sees_its_own(void* arg) {
  (void)arg;
  CHECK(URCU_TLS(own) == 0 && URCU_TLS(hidden) == 0);
  URCU_TLS(own) = 5;
  return NULL;
}

static void variables_of_a_thread(void) {
  pthread_t other;
  URCU_TLS(own) = 3;
  URCU_TLS(hidden) = 4;
  CHECK(pthread_create(&other, NULL, sees_its_own, NULL) == 0);
  pthread_join(other, NULL);
  CHECK(URCU_TLS(own) == 3 && URCU_TLS(hidden) == 4);
}

static int32_t word;

static void* waits(void* arg) {
  (void)arg;
  while (uatomic_read(&word) == 0) futex_async(&word, FUTEX_WAIT, 0, NULL, NULL, 0);
  while (uatomic_read(&word) == 1) futex_noasync(&word, FUTEX_WAIT, 1, NULL, NULL, 0);
  return NULL;
}

static void futexes(void) {
  const struct timespec short_time = {0, 1000000};
  pthread_t other;
  CHECK(futex_noasync(&word, FUTEX_WAIT, 1, NULL, NULL, 0) == -1);
  CHECK(futex_noasync(&word, FUTEX_WAIT, 0, &short_time, NULL, 0) == -1 && errno == ETIMEDOUT);
  CHECK(pthread_create(&other, NULL, waits, NULL) == 0);
  uatomic_set(&word, 1);
  CHECK(futex_async(&word, FUTEX_WAKE, 1, NULL, NULL, 0) >= 0);
  uatomic_set(&word, 2);
  CHECK(futex_noasync(&word, FUTEX_WAKE, 1, NULL, NULL, 0) >= 0);
  pthread_join(other, NULL);
}

int main(void) {
  RUN(the_last_one_releases);
  RUN(none_from_zero_nor_beyond);
  RUN(the_last_one_sees_all);
  RUN(pointers);
  RUN(variables_of_a_thread);
  RUN(futexes);
  return finish();
}
