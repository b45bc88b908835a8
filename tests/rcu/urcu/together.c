// All flavours in one translation unit and on one thread: their sections and grace periods know nothing of each other.
#include <pthread.h>
#include <sched.h>
#include <urcu/compiler.h>
#include <urcu/uatomic.h>
#include <urcu/urcu-bp.h>
#include <urcu/urcu-mb.h>
#include <urcu/urcu-memb.h>
#include <urcu/urcu-qsbr.h>

#include "tests/rcu/urcu/check.h"

#ifdef rcu_read_lock
#error "the names without a flavour mean nothing here"
#endif

static void sections_of_one_do_not_hold_up_others(void) {
  urcu_memb_read_lock();
  urcu_mb_synchronize_rcu();
  urcu_bp_synchronize_rcu();
  urcu_qsbr_synchronize_rcu();
  urcu_bp_read_lock();
  CHECK(urcu_memb_read_ongoing() && urcu_bp_read_ongoing() && !urcu_mb_read_ongoing());
  urcu_memb_read_unlock();
  urcu_mb_read_lock();
  urcu_memb_synchronize_rcu();
  urcu_qsbr_quiescent_state();
  urcu_bp_read_unlock();
  urcu_bp_synchronize_rcu();
  urcu_mb_read_unlock();
  urcu_mb_synchronize_rcu();
  CHECK(!urcu_memb_read_ongoing() && !urcu_bp_read_ongoing() && !urcu_mb_read_ongoing());
}

static void names_with_a_flavour_at_the_end(void) {
  rcu_read_lock_memb();
  rcu_read_lock_bp();
  CHECK(rcu_read_ongoing_memb());
  rcu_read_unlock_bp();
  rcu_read_unlock_memb();
  synchronize_rcu_mb();
  synchronize_rcu_qsbr();
}

struct seen {
  long rounds;
  int* enough;
};
static int* current;
static int spare[2];

static void* reads_by_all(void* arg) {
  struct seen* s = (struct seen*)arg;
  urcu_memb_register_thread();
  urcu_mb_register_thread();
  urcu_qsbr_register_thread();
  while (!uatomic_read(s->enough)) {
    urcu_memb_read_lock();
    urcu_mb_read_lock();
    urcu_bp_read_lock();
    CHECK(*rcu_dereference(current) == 1);
    urcu_memb_read_unlock();
    urcu_bp_read_unlock();
    urcu_mb_read_unlock();
    urcu_qsbr_quiescent_state();
    ++s->rounds;
  }
  urcu_qsbr_unregister_thread();
  urcu_mb_unregister_thread();
  urcu_memb_unregister_thread();
  return NULL;
}

// Each flavour alone protects what is read in the sections of all.
static void writers_of_each(void) {
  void (*const synchronize[3])(void) = {urcu_memb_synchronize_rcu, urcu_mb_synchronize_rcu, urcu_bp_synchronize_rcu};
  pthread_t readers[2];
  struct seen seen[2];
  int enough = 0, i;
  spare[0] = spare[1] = 1;
  current = &spare[0];
  for (i = 0; i < 2; ++i) {
    seen[i].rounds = 0;
    seen[i].enough = &enough;
    CHECK(pthread_create(&readers[i], NULL, reads_by_all, &seen[i]) == 0);
  }
  for (i = 0; i < 300; ++i) {
    int* const old = current;
    int* const made = old == &spare[0] ? &spare[1] : &spare[0];
    *made = 1;
    rcu_assign_pointer(current, made);
    synchronize[i % 3]();
    *old = 0;
  }
  uatomic_set(&enough, 1);
  urcu_qsbr_thread_offline();
  for (i = 0; i < 2; ++i) pthread_join(readers[i], NULL);
  urcu_qsbr_thread_online();
}

int main(void) {
  urcu_memb_register_thread();
  urcu_mb_register_thread();
  urcu_qsbr_register_thread();
  RUN(sections_of_one_do_not_hold_up_others);
  RUN(names_with_a_flavour_at_the_end);
  RUN(writers_of_each);
  urcu_qsbr_unregister_thread();
  urcu_mb_unregister_thread();
  urcu_memb_unregister_thread();
  return finish();
}
