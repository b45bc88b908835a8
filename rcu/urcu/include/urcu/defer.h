// defer_rcu(): callbacks in a ring of each thread. The functions are each flavour's: weir/flavour.h documents them.
#ifndef WEIR_URCU_DEFER_H
#define WEIR_URCU_DEFER_H

// How many callbacks a thread may have waiting; with one more it waits for a grace period.
#define DEFER_QUEUE_SIZE (1 << 12)

#endif
