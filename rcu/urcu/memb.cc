#include <urcu/urcu-memb.h>

#include "weir/rcu/urcu/define.h"

WEIR_URCU_DEFINE_SECTIONS(memb)
