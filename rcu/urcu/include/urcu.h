// memb, or mb where RCU_MB is defined, under the names without a flavour.
#ifndef URCU_API_MAP
#define URCU_API_MAP
#endif
#if defined(RCU_SIGNAL)
#error "Weir has no signal flavour; memb is as fast and takes no signal"
#elif defined(RCU_MB)
#include <urcu/urcu-mb.h>
#else
#include <urcu/urcu-memb.h>
#endif
