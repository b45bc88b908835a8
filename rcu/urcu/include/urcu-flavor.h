// The older place of urcu/flavor.h.
#ifndef WEIR_URCU_ALIAS_URCU_FLAVOR_H
#define WEIR_URCU_ALIAS_URCU_FLAVOR_H

#include <urcu/flavor.h>

#endif
