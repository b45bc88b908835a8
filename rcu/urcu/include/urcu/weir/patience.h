// How the queue and the stack wait for a thread that is between its two steps. Internal.
#ifndef WEIR_URCU_WEIR_PATIENCE_H
#define WEIR_URCU_WEIR_PATIENCE_H

#include <poll.h>
#include <sched.h>
#include <urcu/arch.h>

// One round, the next if *round is kept: the other thread needs a nanosecond, unless the system has taken its processor
// away. Sleeps in the end, since it may be of a lower priority.
WEIR_URCU_INLINE void weir_urcu_wait_a_little(unsigned* round) {
  ++*round;
  if (*round < 100) {
    caa_cpu_relax();
  } else if (*round < 200) {
    sched_yield();
  } else {
    poll(NULL, 0, 1);
  }
}

#endif
