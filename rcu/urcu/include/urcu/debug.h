// urcu_assert(): the older name of urcu_assert_debug().
#ifndef WEIR_URCU_DEBUG_H
#define WEIR_URCU_DEBUG_H

#include <urcu/assert.h>

#define urcu_assert(cond) urcu_assert_debug(cond)

#endif
