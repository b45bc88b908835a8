// All containers that are offered.
#ifndef WEIR_URCU_CDS_H
#define WEIR_URCU_CDS_H

#include <urcu/hlist.h>
#include <urcu/list.h>
#include <urcu/rcuhlist.h>
#include <urcu/rculist.h>
#include <urcu/wfcqueue.h>
#include <urcu/wfstack.h>

#endif
