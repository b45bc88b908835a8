// fork() with the hooks around it: callbacks run in both processes, also those that were waiting.
#include "tests/rcu/urcu/flavour.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/rcu/urcu/check.h"

enum { BEFORE = 200 };

static struct rcu_head waiting[BEFORE], later[2];
static int ran;

static void count(struct rcu_head* head) {
  (void)head;
  uatomic_inc(&ran);
}

static void before(void) {
  offline();  // a worker may be waiting for us
  call_rcu_before_fork();
  online();
#if defined(TEST_BP)
  urcu_bp_before_fork();
#endif
}

static void in_parent(void) {
#if defined(TEST_BP)
  urcu_bp_after_fork_parent();
#endif
  call_rcu_after_fork_parent();
}

static void in_child(void) {
#if defined(TEST_BP)
  urcu_bp_after_fork_child();
#endif
  call_rcu_after_fork_child();
}

// In the child: what waited runs, and what comes.
static int child(int nested) {
  in_child();
  rcu_read_lock();
  call_rcu(&later[1], count);
  rcu_read_unlock();
  quiescent();
  synchronize_rcu();
  rcu_barrier();
  if (uatomic_read(&ran) < BEFORE + 1) return 2;
  if (nested) {
    pid_t pid;
    int status = -1;
    before();
    pid = fork();
    if (pid == 0) _exit(child(0));
    in_parent();
    offline();
    waitpid(pid, &status, 0);
    online();
    return status == 0 ? 0 : 3;
  }
  return 0;
}

static void both_go_on(void) {
  int i, status = -1;
  pid_t pid;
  uatomic_set(&ran, 0);
  for (i = 0; i < BEFORE; ++i) call_rcu(&waiting[i], count);
  before();
  pid = fork();
  if (pid == 0) _exit(child(1));
  in_parent();
  CHECK(pid > 0);
  call_rcu(&later[0], count);
  rcu_barrier();
  CHECK(uatomic_read(&ran) == BEFORE + 1);
  offline();
  CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  online();
}

static void with_workers_of_processors(void) {
  CHECK(create_all_cpu_call_rcu_data(0) == 0);
  both_go_on();
  offline();
  free_all_cpu_call_rcu_data();
  online();
  both_go_on();
}

static int hooks;
static void hook_before(void* priv) { CHECK(priv == &hooks && hooks++ == 0); }
static void hook_parent(void* priv) { CHECK(priv == &hooks && hooks++ == 1); }
static void hook_child(void* priv) {
  if (priv != &hooks || hooks++ != 1) _exit(4);
}

static void hooks_of_others(void) {
  struct urcu_atfork hook = {hook_before, hook_parent, hook_child, &hooks};
  int status = -1;
  pid_t pid;
  urcu_register_rculfhash_atfork(&hook);
  before();
  pid = fork();
  if (pid == 0) {
    in_child();
    _exit(hooks == 2 ? 0 : 5);
  }
  in_parent();
  offline();
  CHECK(waitpid(pid, &status, 0) == pid && status == 0);
  online();
  CHECK(hooks == 2);
  urcu_unregister_rculfhash_atfork(&hook);
}

static struct rcu_head between[2];

static void wait_until(const int* what, int value) {
  offline();
  while (uatomic_read(what) != value) sched_yield();
  online();
}

// What was called between the hook and the fork runs in the child though nobody asks for it there. The thread's worker
// has not come along.
static int child_of_called_between(void) {
  in_child();
  if (get_thread_call_rcu_data() != NULL) return 6;
  wait_until(&ran, 2);
  rcu_barrier();
  return uatomic_read(&ran) == 2 ? 0 : 7;
}

static void called_between_hook_and_fork(void) {
  struct call_rcu_data* const own = create_call_rcu_data(0, -1);
  int i, status = -1;
  pid_t pid;
  CHECK(own != NULL && get_default_call_rcu_data() != NULL);
  uatomic_set(&ran, 0);
  before();
  call_rcu(&between[0], count);
  set_thread_call_rcu_data(own);
  call_rcu(&between[1], count);
  for (i = 0; i < 300; ++i) sched_yield();
  CHECK(uatomic_read(&ran) == 0);  // workers rest
  pid = fork();
  if (pid == 0) _exit(child_of_called_between());
  in_parent();
  CHECK(get_thread_call_rcu_data() == own);
  set_thread_call_rcu_data(NULL);
  wait_until(&ran, 2);
  rcu_barrier();
  CHECK(uatomic_read(&ran) == 2);
  offline();
  CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  call_rcu_data_free(own);
  online();
}

static int entered, begun, left;
static void hook_begins(void* priv) { uatomic_set((int*)priv, 1); }
static void hook_ends(void* priv) { (void)priv; }

// Goes on once the hook has been called, whose caller has nothing left to do then but to wait for us.
static void takes_long(struct rcu_head* head) {
  int i;
  (void)head;
  uatomic_set(&entered, 1);
  while (!uatomic_read(&begun)) sched_yield();
  for (i = 0; i < 1000; ++i) sched_yield();
  uatomic_set(&left, 1);
}

static void callbacks_end_before_the_fork(void) {
  struct urcu_atfork hook = {hook_begins, hook_ends, hook_ends, &begun};
  urcu_register_rculfhash_atfork(&hook);
  call_rcu(&between[0], takes_long);
  wait_until(&entered, 1);
  before();
  CHECK(uatomic_read(&left) == 1);
  in_parent();
  urcu_unregister_rculfhash_atfork(&hook);
}

int main(void) {
  rcu_register_thread();
  RUN(both_go_on);
  RUN(with_workers_of_processors);
  RUN(hooks_of_others);
  RUN(called_between_hook_and_fork);
  RUN(callbacks_end_before_the_fork);
  rcu_unregister_thread();
  return finish();
}
