#include <urcu/urcu-mb.h>

#include "weir/rcu/urcu/define.h"

WEIR_URCU_DEFINE_SECTIONS(mb)
