// Callbacks of all flavours in one translation unit, the flavours as values, and the names without a flavour changed
// from one to another. liburcu 0.13 declares the callbacks of one flavour only. Against Weir only.
#include <urcu.h>
#include <urcu/urcu-bp.h>
#include <urcu/urcu-mb.h>
#include <urcu/urcu-qsbr.h>

#include "tests/rcu/urcu/check.h"

static int ran[4];

static void of_memb(struct rcu_head* head) {
  (void)head;
  uatomic_inc(&ran[0]);
}
static void of_mb(struct rcu_head* head) {
  (void)head;
  uatomic_inc(&ran[1]);
}
static void of_qsbr(struct rcu_head* head) {
  (void)head;
  uatomic_inc(&ran[2]);
}
static void of_bp(struct rcu_head* head) {
  (void)head;
  uatomic_inc(&ran[3]);
}

static void each_has_its_callbacks(void) {
  static struct rcu_head heads[4];
  urcu_memb_call_rcu(&heads[0], of_memb);
  urcu_mb_call_rcu(&heads[1], of_mb);
  urcu_qsbr_call_rcu(&heads[2], of_qsbr);
  urcu_bp_call_rcu(&heads[3], of_bp);
  urcu_memb_barrier();
  CHECK(uatomic_read(&ran[0]) == 1);
  urcu_mb_barrier();
  CHECK(uatomic_read(&ran[1]) == 1);
  urcu_qsbr_barrier();
  CHECK(uatomic_read(&ran[2]) == 1);
  urcu_bp_barrier();
  CHECK(uatomic_read(&ran[3]) == 1);
  CHECK(urcu_memb_get_default_call_rcu_data() != urcu_bp_get_default_call_rcu_data());
}

static void as_values(void) {
  const struct rcu_flavor_struct* all[4] = {&urcu_memb_flavor, &urcu_mb_flavor, &urcu_bp_flavor, &urcu_qsbr_flavor};
  int i;
  for (i = 0; i < 4; ++i) {
    all[i]->read_lock();
    CHECK(all[i]->read_ongoing());
    all[i]->read_unlock();
    all[i]->update_synchronize_rcu();
  }
}

// After <urcu.h> the names mean the flavour that was included last.
static void read_in_the_last(void) {
  rcu_quiescent_state();
  CHECK(rcu_read_ongoing() == urcu_qsbr_read_ongoing());
}

#include <urcu/map/urcu-bp.h>
static void read_in_bp(void) {
  rcu_read_lock();
  CHECK(urcu_bp_read_ongoing() && !urcu_memb_read_ongoing());
  rcu_read_unlock();
}

#include <urcu/map/urcu-memb.h>
static void read_in_memb(void) {
  rcu_read_lock();
  CHECK(urcu_memb_read_ongoing() && !urcu_bp_read_ongoing());
  rcu_read_unlock();
}

#include <urcu/map/clear.h>
#ifdef rcu_read_lock
#error "the names without a flavour mean nothing here"
#endif

int main(void) {
  urcu_memb_register_thread();
  urcu_mb_register_thread();
  urcu_qsbr_register_thread();
  RUN(each_has_its_callbacks);
  RUN(as_values);
  RUN(read_in_the_last);
  RUN(read_in_bp);
  RUN(read_in_memb);
  urcu_qsbr_unregister_thread();
  urcu_mb_unregister_thread();
  urcu_memb_unregister_thread();
  return finish();
}
