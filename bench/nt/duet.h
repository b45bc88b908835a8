// Two threads of which one waits for the other: what it costs to hand over, on one CPU, on two, and wherever they like
// to be; and what a lock costs that both want all the time. One harness, in C, for all implementations.
//
// A sample of a lock has, besides ns for {acquire, release} (wall time / those of both threads):
//
//     lesser   how many of a hundred went to the thread that had fewer
#pragma once

#include "bench/support/program.h"

#ifdef __cplusplus
extern "C" {
#endif

enum duet_scene {
  duet_alone,        // one thread works; a second one sleeps, so that nothing takes the process for single-threaded
  duet_pair,         // two threads do the same, each on its CPU
  duet_one_core,     // hand-overs, both threads on one CPU: ns for each
  duet_two_cores,    // hand-overs, each thread on its CPU
  duet_anywhere,     // hand-overs, the system decides
  duet_lock,         // a lock that two threads want, each on its CPU
  duet_lock_anyhow,  // the same, the system decides where
};

struct duet_row {
  const char* name;
  enum duet_scene scene;
  bench_batch* batch;
  // Of hand-overs: what the second thread does, a round for each of the first one's. A round of `batch` begins by
  // waking the second thread, and ends with having been woken by it.
  bench_batch* other;
};

// As bench_program.
struct duet_program {
  const struct duet_row* rows;  // the last one has no name
  const char* (*prepare)(void);
  const char* (*strategy)(void);
  const char* (*reason)(void);
};

// The main() of a program.
int duet_main(const struct duet_program* program, int argc, char** argv);

#ifdef __cplusplus
}
#endif
