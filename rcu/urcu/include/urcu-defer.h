// The older place of urcu/defer.h.
#ifndef WEIR_URCU_ALIAS_URCU_DEFER_H
#define WEIR_URCU_ALIAS_URCU_DEFER_H

#include <urcu/defer.h>

#endif
