// The older place of urcu/ref.h.
#ifndef WEIR_URCU_URCU_REF_H
#define WEIR_URCU_URCU_REF_H

#include <urcu/ref.h>

#endif
