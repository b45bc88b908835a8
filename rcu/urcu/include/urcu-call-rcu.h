// The older place of urcu/call-rcu.h.
#ifndef WEIR_URCU_ALIAS_URCU_CALL_RCU_H
#define WEIR_URCU_ALIAS_URCU_CALL_RCU_H

#include <urcu/call-rcu.h>

#endif
