// bp: a thread's first section, interrupted by a handler that has sections. Against Weir only.
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <urcu-bp.h>

#include "tests/rcu/urcu/check.h"

enum { ROUNDS = 2000 };

static int handled, unheld, registering;

static void on_signal(int number) {
  (void)number;
  rcu_read_lock();
  if (!rcu_read_ongoing()) uatomic_inc(&unheld);
  rcu_read_unlock();
  uatomic_inc(&handled);
}

static void* reads(void* arg) {
  sigset_t one;
  (void)arg;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  uatomic_set(&registering, 1);
  pthread_sigmask(SIG_UNBLOCK, &one, NULL);
  rcu_read_lock();
  CHECK(rcu_read_ongoing());
  rcu_read_unlock();
  CHECK(!rcu_read_ongoing());
  pthread_sigmask(SIG_BLOCK, &one, NULL);
  uatomic_set(&registering, 2);
  return NULL;
}

static void first_sections_are_interrupted(void) {
  struct sigaction action;
  sigset_t one;
  int i;
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &one, NULL);
  action.sa_handler = on_signal;
  action.sa_flags = 0;
  sigemptyset(&action.sa_mask);
  CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
  for (i = 0; i < ROUNDS; ++i) {
    pthread_t thread;
    uatomic_set(&registering, 0);
    CHECK(pthread_create(&thread, NULL, reads, NULL) == 0);
    while (uatomic_read(&registering) == 0) sched_yield();
    while (uatomic_read(&registering) == 1) pthread_kill(thread, SIGUSR1);
    pthread_join(thread, NULL);
    synchronize_rcu();
  }
  CHECK(uatomic_read(&unheld) == 0);
  printf("%d signals\n", uatomic_read(&handled));
}

int main(void) {
  RUN(first_sections_are_interrupted);
  return finish();
}
