// What a grace period costs the one who waits for it, by who else is there. One harness, in C, for all implementations.
//
// Rows: idle (another thread has read, and sleeps), 1024 (so many of them), active (another thread reads all the time,
// on the other CPU), 8_idle (eight threads call at once), 8_active (these on one CPU, a reader on the other).
// A sample has, besides ns per call (8_*: wall time / calls of all threads):
//
//     p99_ns   of calls that are timed one by one, after the others
//     reader   the share of its CPU that the reader had (active, 8_active)
#pragma once

#include "bench/support/program.h"

#ifdef __cplusplus
extern "C" {
#endif

struct grace_peer {
  void (*arrive)(void);  // the calling thread may read from now on
  void (*depart)(void);  // and from now on not any more
  bench_batch* read;     // so many sections
  bench_batch* synchronize;
};

// The main() of a program.
int grace_main(const struct grace_peer* peer, int argc, char** argv);

#ifdef __cplusplus
}
#endif
