// The older place of urcu/futex.h.
#ifndef WEIR_URCU_URCU_FUTEX_H
#define WEIR_URCU_URCU_FUTEX_H

#include <urcu/futex.h>

#endif
