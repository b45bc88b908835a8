// The older place of urcu/uatomic.h.
#ifndef WEIR_URCU_UATOMIC_ARCH_H
#define WEIR_URCU_UATOMIC_ARCH_H

#include <urcu/uatomic.h>

#endif
