// Another place of urcu/urcu-poll.h.
#ifndef WEIR_URCU_ALIAS_URCU_POLL_H
#define WEIR_URCU_ALIAS_URCU_POLL_H

#include <urcu/urcu-poll.h>

#endif
