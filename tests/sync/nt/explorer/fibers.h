// What the threads of an exploration do in their fibers: the operations of their programs, on the shipped engine, each
// call and answer told to the monitor. Internal to explore.cc.
#pragma once

#include "tests/sync/nt/explorer/monitor.h"
#include "tests/sync/nt/explorer/program.h"

namespace weir::nt::explorer {

extern const program* now;
extern monitor the_monitor;

// Which of its program's operations each thread is in.
monitor::places places();

// The body of a fiber, of the thread that the machine has running.
void run_program();

}  // namespace weir::nt::explorer
