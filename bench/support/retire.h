// What it costs to retire objects as fast as can be, and how many are unreclaimed meanwhile. One harness, in C, for all
// implementations. Deleters only count, or, in rows that say so, write to the object first, as most that there are do;
// an implementation that writes to an object when it is retired (ck) has paid for its line by then. The objects are
// there before, and lie one behind the other.
//
// A sample has ns per object of each thread, from the first retire to the end of the last deleter (barrier() waits for
// it), and besides
//
//     peak     the most objects that were unreclaimed at once: seen while it was timed (tally.h), or in a shorter run
//              in which each is counted, whichever is more
#pragma once

#include "bench/support/program.h"
#include "bench/support/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bench_object {
  __attribute__((aligned(64))) uint64_t words[8];
};

// What such a deleter writes.
static inline void bench_write(struct bench_object* o) { __atomic_store_n(&o->words[7], 0, __ATOMIC_RELAXED); }

struct retire_peer {
  void (*arrive)(void);  // the calling thread may retire from now on
  void (*depart)(void);  // and from now on not any more
  // Each of these retires so many objects, with a deleter that counts: bench_reclaimed(); and says so, in
  // bench_retired() for at most bench_at_a_time of them together. The second one has the exact forms.
  void (*retire)(struct bench_object* objects, uint64_t count);
  void (*retire_exactly)(struct bench_object* objects, uint64_t count);
  void (*barrier)(void);  // all deleters of what was retired before have been run
};

struct retire_row {
  const char* name;  // null: the last one
  int threads;       // 1 or 2
  const struct retire_peer* peer;
};

// The main() of a program.
int retire_main(const struct retire_row* rows, int argc, char** argv);

#ifdef __cplusplus
}
#endif
