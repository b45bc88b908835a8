// Workers and fork hooks beside what other threads, sections and callbacks do. Against Weir only. The hooks are called
// without a fork between them: what they promise is between them.
#include "tests/rcu/urcu/flavour.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "tests/rcu/urcu/check.h"

enum { ROUNDS = 300 };

static int over, at_rest, ran_at_rest, ran;

static void count(struct rcu_head* head) {
  (void)head;
  uatomic_inc(&ran);
}

static void count_and_free(struct rcu_head* head) {
  uatomic_inc(&ran);
  free(head);
}

static void call_one(void) { call_rcu((struct rcu_head*)malloc(sizeof(struct rcu_head)), count_and_free); }

static void wait_until(int* set) {
  while (uatomic_load(set, CMM_ACQUIRE) == 0) sched_yield();
}

static void goes_on(struct rcu_head* head) {
  if (uatomic_read(&at_rest)) uatomic_inc(&ran_at_rest);
  if (!uatomic_read(&over)) call_rcu(head, goes_on);
}

static void before(void) {
  offline();
  call_rcu_before_fork();
  online();
}

static void spin(int n) {
  while (n-- > 0) caa_cpu_relax();
}

// The first that wants a worker comes when nobody may make one any more.
static void called_first_between_hooks(void) {
  static struct rcu_head head;
  uatomic_set(&ran, 0);
  before();
  call_rcu(&head, count);
  CHECK(uatomic_read(&ran) == 0);
  call_rcu_after_fork_parent();
  rcu_barrier();
  CHECK(uatomic_read(&ran) == 1);
}

// The second hook comes while workers leave the rest of the first: sooner or later by a different while each time.
static void nothing_runs_between_hooks(void) {
  enum { WORKERS = 4 };
  static struct rcu_head heads[WORKERS];
  struct call_rcu_data* workers[WORKERS];
  int i;
  over = 0;
  for (i = 0; i < WORKERS; ++i) {
    workers[i] = create_call_rcu_data(0, -1);
    set_thread_call_rcu_data(workers[i]);
    call_rcu(&heads[i], goes_on);
  }
  set_thread_call_rcu_data(NULL);
  for (i = 0; i < ROUNDS * 40; ++i) {
    before();
    uatomic_set(&at_rest, 1);
    spin(i % 8 * 200);
    uatomic_set(&at_rest, 0);
    call_rcu_after_fork_parent();
    spin(i % 127 * 10);
  }
  uatomic_set(&over, 1);
  offline();
  for (i = 0; i < WORKERS; ++i) call_rcu_data_free(workers[i]);
  online();
  rcu_barrier();
  CHECK(uatomic_read(&ran_at_rest) == 0);
}

static void* makes_and_frees(void* arg) {
  int i;
  (void)arg;
  rcu_register_thread();
  for (i = 0; i < ROUNDS; ++i) {
    struct call_rcu_data* const own = create_call_rcu_data(0, -1);
    CHECK(own != NULL);
    set_thread_call_rcu_data(own);
    call_one();
    set_thread_call_rcu_data(NULL);
    call_rcu_data_free(own);
    quiescent();
  }
  uatomic_set(&over, 1);
  rcu_unregister_thread();
  return NULL;
}

static void workers_end_beside_hooks(void) {
  pthread_t other;
  uatomic_set(&ran, 0);
  over = 0;
  CHECK(pthread_create(&other, NULL, makes_and_frees, NULL) == 0);
  while (!uatomic_read(&over)) {
    before();
    call_rcu_after_fork_parent();
  }
  offline();
  pthread_join(other, NULL);
  online();
  rcu_barrier();
  CHECK(uatomic_read(&ran) == ROUNDS);
}

// A hook says that before_fork() has begun; workers have been told, and cannot rest yet.
static int begun, inside, taken_in_hooks;
static void hook_before(void* priv) { uatomic_store((int*)priv, 1, CMM_RELEASE); }
static void hook_after(void* priv) {
  (void)priv;
  if (get_default_call_rcu_data() != NULL) ++taken_in_hooks;
}
static struct urcu_atfork hook = {hook_before, hook_after, hook_after, &begun};

static void* makes_in_section(void* arg) {
  struct call_rcu_data* made;
  rcu_register_thread();
  rcu_read_lock();
  uatomic_store(&inside, 1, CMM_RELEASE);
  wait_until(&begun);
  made = create_call_rcu_data(0, -1);
  rcu_read_unlock();
  rcu_unregister_thread();
  *(struct call_rcu_data**)arg = made;
  return NULL;
}

static struct call_rcu_data *made_in_callback, *ended_in_callback;

static void makes_and_ends(struct rcu_head* head) {
  wait_until(&begun);
  made_in_callback = create_call_rcu_data(0, -1);
  call_rcu_data_free(ended_in_callback);
  count(head);
}

static void hooks_around(void) {
  before();
  call_rcu_after_fork_parent();
}

static void sections_may_make_workers_beside_hooks(void) {
  static struct rcu_head head;
  struct call_rcu_data* made = NULL;
  pthread_t other;
  begun = inside = taken_in_hooks = 0;
  urcu_register_rculfhash_atfork(&hook);
  CHECK(pthread_create(&other, NULL, makes_in_section, &made) == 0);
  offline();
  wait_until(&inside);
  online();
  call_rcu(&head, count);  // its worker waits for that section
  hooks_around();
  offline();
  pthread_join(other, NULL);
  CHECK(made != NULL);
  call_rcu_data_free(made);
  online();
  CHECK(taken_in_hooks == 1);
  urcu_unregister_rculfhash_atfork(&hook);
}

static void callbacks_may_make_and_end_workers_beside_hooks(void) {
  static struct rcu_head head;
  begun = 0;
  urcu_register_rculfhash_atfork(&hook);
  made_in_callback = NULL;
  ended_in_callback = create_call_rcu_data(0, -1);
  call_rcu(&head, makes_and_ends);
  hooks_around();
  rcu_barrier();
  CHECK(made_in_callback != NULL);
  offline();
  call_rcu_data_free(made_in_callback);
  online();
  urcu_unregister_rculfhash_atfork(&hook);
}

// Not registered: in qsbr no section of its own protects the worker that it finds.
static void* calls_unregistered(void* arg) {
  int i;
  (void)arg;
  for (i = 0; i < ROUNDS * 20; ++i) call_one();
  uatomic_set(&over, 1);
  return NULL;
}

static void* frees_all(void* arg) {
  (void)arg;
  while (!uatomic_read(&over)) free_all_cpu_call_rcu_data();
  return NULL;
}

static void workers_of_processors_end_beside_callers(void) {
  pthread_t others[2];
  int i;
  uatomic_set(&ran, 0);
  over = 0;
  CHECK(pthread_create(&others[0], NULL, calls_unregistered, NULL) == 0);
  CHECK(pthread_create(&others[1], NULL, frees_all, NULL) == 0);
  offline();
  while (!uatomic_read(&over)) {
    CHECK(create_all_cpu_call_rcu_data(0) == 0);
    free_all_cpu_call_rcu_data();  // as the other thread: each worker is freed once
  }
  for (i = 0; i < 2; ++i) pthread_join(others[i], NULL);
  free_all_cpu_call_rcu_data();
  online();
  rcu_barrier();
  CHECK(uatomic_read(&ran) == ROUNDS * 20);
}

static int could_read;

static void reads(void* p) {
  (void)p;
  rcu_read_lock();
  if (rcu_read_ongoing()) ++could_read;
  rcu_read_unlock();
}

static void deferred_callbacks_may_read(void) {
  could_read = 0;
  CHECK(rcu_defer_register_thread() == 0);
  defer_rcu(reads, NULL);
  rcu_defer_barrier_thread();
  CHECK(could_read == 1);
  defer_rcu(reads, NULL);
  offline();
  rcu_defer_barrier();
  online();
  CHECK(could_read == 2);
  CHECK(!quiescent_flavour || rcu_read_ongoing());
  rcu_defer_unregister_thread();
}

int main(void) {
  rcu_register_thread();
  RUN(called_first_between_hooks);  // first: there is no default worker
  RUN(nothing_runs_between_hooks);
  RUN(workers_end_beside_hooks);
  RUN(sections_may_make_workers_beside_hooks);
  RUN(callbacks_may_make_and_end_workers_beside_hooks);
  RUN(workers_of_processors_end_beside_callers);
  RUN(deferred_callbacks_may_read);
  rcu_unregister_thread();
  return finish();
}
