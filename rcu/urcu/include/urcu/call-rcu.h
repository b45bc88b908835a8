// What call_rcu() works with. The functions are each flavour's: weir/flavour.h documents them.
#ifndef WEIR_URCU_CALL_RCU_H
#define WEIR_URCU_CALL_RCU_H

#include <pthread.h>
#include <stdbool.h>
#include <urcu/wfcqueue.h>

// A worker: a thread that runs callbacks, and its queue.
struct call_rcu_data;

// Part of the object that is to be reclaimed.
struct rcu_head {
  struct cds_wfcq_node next;
  void (*func)(struct rcu_head* head);
};

// Of create_call_rcu_data(): the worker looks at its queue every ten milliseconds, so that call_rcu() makes no system
// call.
#define URCU_CALL_RCU_RT (1U << 0)
// What a worker does and is told to do; a program has no use for these.
#define URCU_CALL_RCU_RUNNING (1U << 1)
#define URCU_CALL_RCU_STOP (1U << 2)
#define URCU_CALL_RCU_STOPPED (1U << 3)
#define URCU_CALL_RCU_PAUSE (1U << 4)
#define URCU_CALL_RCU_PAUSED (1U << 5)

#endif
