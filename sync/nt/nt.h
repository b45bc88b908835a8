// NT's synchronization for C++: objects in hand, waits, statuses.
//
//     objects.h   event, semaphore, mutant; wait, wait_any, wait_all
//     status.h    what waits and calls answer
//     ticks.h     NT's time, for who has to do with it
//
// When to use what: an object in hand is the quickest, and C++'s own; by handles, names and rights, with NT's
// signatures, timers, APCs and keyed events, there is weir/sync/nt/ntapi.h (//sync/nt:ntapi). Both run
// on one engine, and a thread may use both.
//
// Example: tests/sync/nt/example_test.cc, and at the head of objects.h.
#pragma once

#include "weir/sync/nt/objects.h"
#include "weir/sync/nt/status.h"
#include "weir/sync/nt/ticks.h"
