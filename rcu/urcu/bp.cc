#include <urcu/urcu-bp.h>

#include "weir/rcu/urcu/define.h"

WEIR_URCU_DEFINE_SECTIONS(bp)

extern "C" {
void urcu_bp_before_fork(void) {}
void urcu_bp_after_fork_parent(void) {}
void urcu_bp_after_fork_child(void) {}
}
