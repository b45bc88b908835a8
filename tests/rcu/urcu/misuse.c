// What an assertion tells: a section without registering. Where assertions are off, the section is as good as others.
// Against Weir only.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <urcu.h>
#include <urcu/urcu-bp.h>
#include <urcu/urcu-mb.h>
#include <urcu/urcu-qsbr.h>

#include "tests/rcu/urcu/check.h"

#if !defined(NDEBUG) || defined(WEIR_CHECKS)
enum { assertions = 1 };
#else
enum { assertions = 0 };
#endif

static void in_memb(void) {
  urcu_memb_read_lock();
  if (!urcu_memb_read_ongoing()) _exit(1);
  urcu_memb_read_unlock();
  urcu_memb_synchronize_rcu();
}
static void in_mb(void) {
  urcu_mb_read_lock();
  urcu_mb_read_unlock();
}
static void in_bp(void) {
  urcu_bp_read_lock();
  if (!urcu_bp_read_ongoing()) _exit(1);
  urcu_bp_read_unlock();
}
static void quiescent(void) { urcu_qsbr_quiescent_state(); }
static void synchronizes_inside(void) {
  urcu_memb_register_thread();
  urcu_memb_read_lock();
  if (assertions) urcu_memb_synchronize_rcu();
}

static struct call_rcu_data* worker;

static void frees_in_section(void) {
  urcu_memb_register_thread();
  worker = urcu_memb_create_call_rcu_data(0, -1);
  urcu_memb_read_lock();
  if (assertions) urcu_memb_call_rcu_data_free(worker);
}

static void frees_its_own(struct rcu_head* head) {
  (void)head;
  urcu_memb_call_rcu_data_free(worker);
}
static void frees_in_callback(void) {
  static struct rcu_head head;
  if (!assertions) return;
  worker = urcu_memb_create_call_rcu_data(0, -1);
  urcu_memb_set_thread_call_rcu_data(worker);
  urcu_memb_call_rcu(&head, frees_its_own);
  urcu_memb_barrier();
}

static void defers_again(void* p) { urcu_memb_defer_rcu(defers_again, p); }
static void defers_in_callback(void) {
  urcu_memb_defer_register_thread();
  if (!assertions) return;
  urcu_memb_defer_rcu(defers_again, NULL);
  urcu_memb_defer_barrier_thread();
}

// Whether a child that does this ends by abort(), having said `words`; else in good order.
static int aborts(void (*what)(void), const char* words) {
  char said[2000];
  size_t n = 0;
  ssize_t got;
  int pipes[2], status = 0;
  pid_t pid;
  if (pipe(pipes) != 0) return -1;
  pid = fork();
  if (pid == 0) {
    dup2(pipes[1], 2);
    what();
    _exit(0);
  }
  close(pipes[1]);
  while ((got = read(pipes[0], said + n, sizeof said - 1 - n)) > 0) n += (size_t)got;
  said[n] = '\0';
  close(pipes[0]);
  waitpid(pid, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  return strstr(said, words) != NULL ? 1 : -1;
}

static void sections_without_registering(void) {
  CHECK(aborts(in_memb, "without rcu_register_thread()") == assertions);
  CHECK(aborts(in_mb, "without rcu_register_thread()") == assertions);
  CHECK(aborts(quiescent, "without rcu_register_thread()") == assertions);
  CHECK(aborts(in_bp, "") == 0);
}

static void waiting_for_oneself(void) { CHECK(aborts(synchronizes_inside, "would wait for itself") == assertions); }

static void ends_that_cannot_come(void) {
  CHECK(aborts(frees_in_section, "inside a section") == assertions);
  CHECK(aborts(frees_in_callback, "that runs the callback") == assertions);
  CHECK(aborts(defers_in_callback, "in a deferred callback") == assertions);
}

int main(void) {
  RUN(sections_without_registering);
  RUN(waiting_for_oneself);
  RUN(ends_that_cannot_come);
  return finish();
}
