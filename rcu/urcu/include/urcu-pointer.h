// The older place of urcu/pointer.h.
#ifndef WEIR_URCU_URCU_POINTER_H
#define WEIR_URCU_URCU_POINTER_H

#include <urcu/pointer.h>

#endif
