// Grace periods without waiting, which liburcu has from 0.14 on, and rcu_defer_exit(), which its headers do not name.
// Against Weir only.
#include "tests/rcu/urcu/flavour.h"

#include <pthread.h>
#include <sched.h>
#include <urcu-poll.h>
#include <urcu/urcu-poll.h>

#include "tests/rcu/urcu/check.h"

static int poll_until_over(struct urcu_gp_poll_state state) {
  int i;
  for (i = 0; i < 1000000; ++i) {
    if (poll_state_synchronize_rcu(state)) return 1;
    quiescent();
    sched_yield();
  }
  return 0;
}

static void over_when_nobody_reads(void) {
  const struct urcu_gp_poll_state state = start_poll_synchronize_rcu();
  CHECK(poll_until_over(state));
  CHECK(poll_state_synchronize_rcu(state));
}

static int inside, leave;

static void* reads(void* arg) {
  (void)arg;
  rcu_register_thread();
  rcu_read_lock();
  uatomic_set_mo(&inside, 1, CMM_SEQ_CST);
  while (!uatomic_load_mo(&leave, CMM_SEQ_CST)) sched_yield();
  rcu_read_unlock();
  rcu_unregister_thread();
  return NULL;
}

static void not_over_while_somebody_reads(void) {
  struct urcu_gp_poll_state before, after;
  pthread_t reader;
  int i;
  CHECK(pthread_create(&reader, NULL, reads, NULL) == 0);
  while (!uatomic_load_mo(&inside, CMM_SEQ_CST)) sched_yield();
  before = start_poll_synchronize_rcu();
  for (i = 0; i < 100; ++i) {
    CHECK(!poll_state_synchronize_rcu(before));
    quiescent();
  }
  after = start_poll_synchronize_rcu();
  uatomic_set_mo(&leave, 1, CMM_SEQ_CST);
  CHECK(poll_until_over(before));
  CHECK(poll_until_over(after));
  pthread_join(reader, NULL);
}

static void synchronize_serves_those_who_poll(void) {
  const struct urcu_gp_poll_state state = start_poll_synchronize_rcu();
  synchronize_rcu();
  CHECK(poll_state_synchronize_rcu(state));
}

static DEFINE_RCU_FLAVOR(made_here);

static void through_the_flavour(void) {
  const struct rcu_flavor_struct* const both[2] = {&rcu_flavor, &made_here};
  int i;
  for (i = 0; i < 2; ++i) {
    const struct urcu_gp_poll_state state = both[i]->update_start_poll_synchronize_rcu();
    both[i]->update_synchronize_rcu();
    CHECK(both[i]->update_poll_state_synchronize_rcu(state));
    both[i]->read_lock();
    both[i]->read_unlock();
  }
}

static void ends(void) {
  rcu_defer_exit();
  rcu_exit();
}

int main(void) {
  rcu_init();
  rcu_register_thread();
  RUN(over_when_nobody_reads);
  RUN(not_over_while_somebody_reads);
  RUN(synchronize_serves_those_who_poll);
  RUN(through_the_flavour);
  RUN(ends);
  rcu_unregister_thread();
  return finish();
}
