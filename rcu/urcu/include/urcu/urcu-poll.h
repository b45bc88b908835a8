// What start_poll_synchronize_rcu() returns. The functions are each flavour's.
#ifndef WEIR_URCU_URCU_POLL_H
#define WEIR_URCU_URCU_POLL_H

struct urcu_gp_poll_state {
  unsigned long grace_period_id;
};

#endif
