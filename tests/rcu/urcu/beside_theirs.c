#include <urcu.h>

#include "tests/rcu/urcu/beside.h"

static int ran;

static void run(struct rcu_head* head) {
  (void)head;
  uatomic_set(&ran, 1);
}

static void reg(void) { rcu_register_thread(); }
static void unreg(void) { rcu_unregister_thread(); }
static void lock(void) { rcu_read_lock(); }
static void unlock(void) { rcu_read_unlock(); }
static int ongoing(void) { return !!rcu_read_ongoing(); }
static void synchronize(void) { synchronize_rcu(); }

static int calls_back(void) {
  static struct rcu_head head;
  call_rcu(&head, run);
  rcu_barrier();
  return uatomic_read(&ran);
}

const struct library theirs = {reg, unreg, lock, unlock, ongoing, synchronize, calls_back};
