// The names without a flavour mean that of <urcu.h>.
#if defined(RCU_SIGNAL)
#error "Weir has no signal flavour; memb is as fast and takes no signal"
#elif defined(RCU_MB)
#include <urcu/map/urcu-mb.h>
#else
#include <urcu/map/urcu-memb.h>
#endif
