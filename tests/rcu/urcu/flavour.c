// One flavour: sections, grace periods, threads, signals, the flavour as a value.
#include "tests/rcu/urcu/flavour.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include "tests/rcu/urcu/check.h"

static pthread_t start(void* (*work)(void*), void* arg) {
  pthread_t t;
  CHECK(pthread_create(&t, NULL, work, arg) == 0);
  return t;
}

static void join(pthread_t t) {
  offline();
  CHECK(pthread_join(t, NULL) == 0);
  online();
}

static void wait_for(int* word, int value) {
  while (uatomic_read(word) != value) sched_yield();
  cmm_smp_mb();
}

static void say(int* word, int value) {
  cmm_smp_mb();
  uatomic_set(word, value);
}

static void sections_nest(void) {
  int i;
  CHECK(!!rcu_read_ongoing() == quiescent_flavour);
  for (i = 0; i < 20; ++i) rcu_read_lock();
  for (i = 0; i < 20; ++i) {
    CHECK(rcu_read_ongoing());
    rcu_read_unlock();
  }
  CHECK(!!rcu_read_ongoing() == quiescent_flavour);
  synchronize_rcu();
  quiescent();
}

static int inside, asked, released;

static void* reads_until_asked(void* arg) {
  const int depth = *(int*)arg;
  int i;
  rcu_register_thread();
  for (i = 0; i < depth; ++i) rcu_read_lock();
  say(&inside, 1);
  wait_for(&asked, 1);
  for (i = 0; i < 200; ++i) sched_yield();  // so that a grace period that waits for nobody would be over
  for (i = 1; i < depth; ++i) rcu_read_unlock();
  for (i = 0; i < 200; ++i) sched_yield();
  say(&released, 1);
  rcu_read_unlock();
  rcu_unregister_thread();
  return NULL;
}

static void synchronize_waits(void) {
  int depth;
  for (depth = 1; depth <= 3; ++depth) {
    pthread_t reader;
    uatomic_set(&inside, 0);
    uatomic_set(&asked, 0);
    uatomic_set(&released, 0);
    reader = start(reads_until_asked, &depth);
    offline();
    wait_for(&inside, 1);
    online();
    say(&asked, 1);
    synchronize_rcu();
    CHECK(uatomic_read(&released) == 1);
    join(reader);
  }
}

struct shared {
  long value;
};
static struct shared* current;
static int enough;

static void* reads(void* arg) {
  long* rounds = (long*)arg;
  rcu_register_thread();
  while (!uatomic_read(&enough)) {
    const struct shared* seen;
    int i;
    rcu_read_lock();
    seen = rcu_dereference(current);
    for (i = 0; i < 20; ++i) CHECK(*(const volatile long*)&seen->value == 5);
    rcu_read_unlock();
    quiescent();
    ++*rounds;
  }
  rcu_unregister_thread();
  return NULL;
}

static void nobody_reads_what_was_freed(void) {
  enum { readers = 2, rounds = 300 };
  pthread_t threads[readers];
  long counts[readers] = {0, 0};
  int i;
  struct shared* first = (struct shared*)malloc(sizeof *first);
  first->value = 5;
  rcu_assign_pointer(current, first);
  uatomic_set(&enough, 0);
  for (i = 0; i < readers; ++i) threads[i] = start(reads, &counts[i]);
  for (i = 0; i < rounds; ++i) {
    struct shared* made = (struct shared*)malloc(sizeof *made);
    struct shared* old;
    made->value = 5;
    old = rcu_xchg_pointer(&current, made);
    synchronize_rcu();
    old->value = -1;
    free(old);
  }
  uatomic_set(&enough, 1);
  for (i = 0; i < readers; ++i) join(threads[i]);
  free(current);
}

static void* synchronizes(void* arg) {
  int i;
  (void)arg;
  rcu_register_thread();
  for (i = 0; i < 200; ++i) {
    synchronize_rcu();
    rcu_read_lock();
    rcu_read_unlock();
    quiescent();
  }
  rcu_unregister_thread();
  return NULL;
}

static void many_synchronize_at_once(void) {
  pthread_t threads[4];
  int i;
  for (i = 0; i < 4; ++i) threads[i] = start(synchronizes, NULL);
  for (i = 0; i < 4; ++i) join(threads[i]);
}

static void* lives_shortly(void* arg) {
  (void)arg;
  rcu_register_thread();
  rcu_read_lock();
  rcu_read_unlock();
  rcu_unregister_thread();
  rcu_register_thread();
  rcu_read_lock();
  CHECK(rcu_read_ongoing());
  rcu_read_unlock();
  rcu_unregister_thread();
  return NULL;
}

static void threads_come_and_go(void) {
  int i;
  for (i = 0; i < 100; ++i) {
    join(start(lives_shortly, NULL));
    if (i % 10 == 0) synchronize_rcu();
  }
}

static void* writes_unregistered(void* arg) {
  (void)arg;
  synchronize_rcu();
  return NULL;
}

static void writers_need_not_register(void) { join(start(writes_unregistered, NULL)); }

static int handled;

static void read_in_handler(int signal_number) {
  signal(signal_number, read_in_handler);  // in strict C it is gone after the first signal
  rcu_read_lock();
  if (rcu_read_ongoing()) uatomic_inc(&handled);
  rcu_read_unlock();
}

static void handlers_may_read(void) {
  int i;
  if (quiescent_flavour) return;
  uatomic_set(&handled, 0);
  signal(SIGUSR1, read_in_handler);
  for (i = 0; i < 3; ++i) {
    raise(SIGUSR1);
    rcu_read_lock();
    raise(SIGUSR1);
    CHECK(rcu_read_ongoing());
    rcu_read_unlock();
  }
  CHECK(uatomic_read(&handled) == 6);
  CHECK(!rcu_read_ongoing());
  synchronize_rcu();
}

static void offline_threads_hold_up_nobody(void) {
  pthread_t writer;
  rcu_thread_offline();
  CHECK(pthread_create(&writer, NULL, writes_unregistered, NULL) == 0);
  pthread_join(writer, NULL);
  rcu_thread_online();
  rcu_quiescent_state();
}

static void as_a_value(void) {
  const struct rcu_flavor_struct* f = &rcu_flavor;
  CHECK(!!f->read_ongoing() == quiescent_flavour);
  f->read_lock();
  CHECK(f->read_ongoing());
  f->read_unlock();
  f->read_quiescent_state();
  f->update_synchronize_rcu();
  f->thread_offline();
  f->thread_online();
  f->barrier();
  f->unregister_thread();
  f->register_thread();
}

int main(void) {
  rcu_register_thread();
  RUN(sections_nest);
  RUN(synchronize_waits);
  RUN(nobody_reads_what_was_freed);
  RUN(many_synchronize_at_once);
  RUN(threads_come_and_go);
  RUN(writers_need_not_register);
  RUN(handlers_may_read);
  RUN(offline_threads_hold_up_nobody);
  RUN(as_a_value);
  rcu_unregister_thread();
  return finish();
}
