// call_rcu(): callbacks, rcu_barrier(), and workers: the default one, those of processors, those of threads.
#include "tests/rcu/urcu/flavour.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/rcu/urcu/check.h"

struct item {
  struct rcu_head head;
  long number;
  pthread_t ran_on;
};

static long ran;
static long newest;
static int order_kept;

static void run(struct rcu_head* head) {
  struct item* item = caa_container_of(head, struct item, head);
  if (item->number != newest + 1) order_kept = 0;
  newest = item->number;
  item->ran_on = pthread_self();
  uatomic_inc(&ran);
}

static void count(struct rcu_head* head) {
  (void)head;
  uatomic_inc(&ran);
}

static void count_and_free(struct rcu_head* head) {
  uatomic_inc(&ran);
  free(caa_container_of(head, struct item, head));
}

static void begin(void) {
  uatomic_set(&ran, 0);
  newest = -1;
  order_kept = 1;
}

static void barrier_waits_for_all(void) {
  static struct item items[1000];
  int i;
  begin();
  for (i = 0; i < 1000; ++i) {
    items[i].number = i;
    call_rcu(&items[i].head, run);
  }
  rcu_barrier();
  CHECK(uatomic_read(&ran) == 1000);
  CHECK(order_kept);
  CHECK(pthread_equal(items[0].ran_on, get_call_rcu_thread(get_default_call_rcu_data())));
  rcu_barrier();
}

static int released_section;

static void checks_release(struct rcu_head* head) {
  (void)head;
  CHECK(uatomic_read(&released_section) == 1);
  uatomic_inc(&ran);
}

static void waits_for_sections(void) {
  struct item item;
  int i;
  begin();
  uatomic_set(&released_section, 0);
  rcu_read_lock();
  call_rcu(&item.head, checks_release);  // allowed in a section
  for (i = 0; i < 300; ++i) sched_yield();
  CHECK(uatomic_read(&ran) == 0);
  uatomic_set(&released_section, 1);
  rcu_read_unlock();
  quiescent();
  rcu_barrier();
  CHECK(uatomic_read(&ran) == 1);
}

static struct item again;

static void calls_again(struct rcu_head* head) {
  uatomic_inc(&ran);
  rcu_read_lock();  // a callback may read
  CHECK(rcu_read_ongoing());
  rcu_read_unlock();
  call_rcu(head, count);
}

static void callbacks_may_call(void) {
  begin();
  call_rcu(&again.head, calls_again);
  rcu_barrier();
  rcu_barrier();
  CHECK(uatomic_read(&ran) == 2);
}

static struct call_rcu_data* make(unsigned long flags) {
  struct call_rcu_data* made = create_call_rcu_data(flags, -1);
  CHECK(made != NULL);
  return made;
}

static void workers_of_threads(void) {
  struct item item;
  unsigned long flags;
  for (flags = 0; flags <= URCU_CALL_RCU_RT; flags += URCU_CALL_RCU_RT) {
    struct call_rcu_data* own = make(flags);
    begin();
    item.number = 0;
    CHECK(get_thread_call_rcu_data() == NULL);
    set_thread_call_rcu_data(own);
    CHECK(get_thread_call_rcu_data() == own);
    CHECK(get_call_rcu_data() == own);
    call_rcu(&item.head, run);
    rcu_barrier();
    CHECK(uatomic_read(&ran) == 1);
    CHECK(pthread_equal(item.ran_on, get_call_rcu_thread(own)));
    set_thread_call_rcu_data(NULL);
    CHECK(get_call_rcu_data() == get_default_call_rcu_data());
    offline();  // it may be waiting for us
    call_rcu_data_free(own);
    online();
  }
}

static void a_worker_that_goes_leaves_nothing(void) {
  int round, i;
  for (round = 0; round < 20; ++round) {
    struct call_rcu_data* own = make(0);
    begin();
    set_thread_call_rcu_data(own);
    for (i = 0; i < 200; ++i) call_rcu(&((struct item*)malloc(sizeof(struct item)))->head, count_and_free);
    set_thread_call_rcu_data(NULL);
    offline();  // it may be waiting for us
    call_rcu_data_free(own);
    online();
    rcu_barrier();
    CHECK(uatomic_read(&ran) == 200);
  }
  call_rcu_data_free(NULL);
  call_rcu_data_free(get_default_call_rcu_data());  // refused
  CHECK(get_default_call_rcu_data() != NULL);
}

static void workers_of_processors(void) {
  const long n = sysconf(_SC_NPROCESSORS_CONF);
  struct item items[100];
  struct call_rcu_data* extra;
  int i;
  begin();
  CHECK(get_cpu_call_rcu_data(0) == NULL);
  CHECK(create_all_cpu_call_rcu_data(0) == 0);
  for (i = 0; i < n; ++i) CHECK(get_cpu_call_rcu_data(i) != NULL);
  CHECK(get_cpu_call_rcu_data(-1) == NULL);
  CHECK(create_all_cpu_call_rcu_data(0) == 0);  // they are there
  extra = make(0);
  errno = 0;
  CHECK(set_cpu_call_rcu_data(0, extra) == -EEXIST && errno == EEXIST);
  errno = 0;
  CHECK(set_cpu_call_rcu_data(-1, extra) == -EINVAL && errno == EINVAL);
  offline();
  call_rcu_data_free(extra);
  online();
  for (i = 0; i < 100; ++i) call_rcu(&items[i].head, count);
  CHECK(get_call_rcu_data() != get_default_call_rcu_data());
  rcu_barrier();
  CHECK(uatomic_read(&ran) == 100);
  offline();
  free_all_cpu_call_rcu_data();
  online();
  CHECK(get_cpu_call_rcu_data(0) == NULL);
  call_rcu(&items[0].head, count);
  rcu_barrier();
  CHECK(uatomic_read(&ran) == 101);
}

enum { CALLERS = 4, CALLS = 2000 };

static void* calls_often(void* arg) {
  int i;
  rcu_register_thread();
  for (i = 0; i < CALLS; ++i) {
    call_rcu(&((struct item*)malloc(sizeof(struct item)))->head, count_and_free);
    quiescent();
    if (arg != NULL && i % 500 == 0) rcu_barrier();
  }
  rcu_unregister_thread();
  return NULL;
}

static void many_callers(void) {
  pthread_t threads[CALLERS];
  int i;
  begin();
  for (i = 0; i < CALLERS; ++i) {
    CHECK(pthread_create(&threads[i], NULL, calls_often, i % 2 == 0 ? (void*)&ran : NULL) == 0);
  }
  offline();
  for (i = 0; i < CALLERS; ++i) pthread_join(threads[i], NULL);
  online();
  rcu_barrier();
  CHECK(uatomic_read(&ran) == (long)CALLERS * CALLS);
}

static long deferred;
static int deferred_in_order;

static void deferred_call(void* p) {
  if ((long)(intptr_t)p != deferred) deferred_in_order = 0;
  ++deferred;
}

static void other_call(void* p) { deferred_call(p); }

static void deferrals(void) {
  long i;
  deferred = 0;
  deferred_in_order = 1;
  CHECK(rcu_defer_register_thread() == 0);
  for (i = 0; i < 100; ++i) defer_rcu(i % 3 ? deferred_call : other_call, (void*)(intptr_t)i);
  rcu_defer_barrier_thread();
  CHECK(deferred == 100);
  for (; i < 10000; ++i) {  // more than a ring holds
    defer_rcu(i % 3 ? deferred_call : other_call, (void*)(intptr_t)i);
    quiescent();
  }
  rcu_defer_barrier();
  CHECK(deferred == 10000);
  for (; i < 10010; ++i) defer_rcu(deferred_call, (void*)(intptr_t)i);
  rcu_defer_unregister_thread();
  CHECK(deferred == 10010);
  CHECK(deferred_in_order);
}

static int seen_by_thread;

static void sets(void* p) { uatomic_set((int*)p, 1); }

static void* defers_and_waits(void* arg) {
  rcu_register_thread();
  CHECK(rcu_defer_register_thread() == 0);
  defer_rcu(sets, arg);
  offline();
  while (!uatomic_read((int*)arg)) sched_yield();
  online();
  rcu_defer_unregister_thread();
  rcu_unregister_thread();
  return NULL;
}

static void deferrals_run_by_themselves(void) {
  pthread_t other;
  uatomic_set(&seen_by_thread, 0);
  CHECK(pthread_create(&other, NULL, defers_and_waits, &seen_by_thread) == 0);
  offline();
  pthread_join(other, NULL);
  online();
}

int main(void) {
  rcu_register_thread();
  RUN(barrier_waits_for_all);
  RUN(waits_for_sections);
  RUN(callbacks_may_call);
  RUN(workers_of_threads);
  RUN(a_worker_that_goes_leaves_nothing);
  RUN(workers_of_processors);
  RUN(many_callers);
  RUN(deferrals);
  RUN(deferrals_run_by_themselves);
  rcu_unregister_thread();
  return finish();
}
