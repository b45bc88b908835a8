// One reader and one writer, both as fast as can be, each on its CPU: the writer allocates an object, exchanges the
// pointer that the reader follows, and retires the old one, which is freed when it may be. One harness, in C, for all
// implementations. The row rwlim has the writer held to 100,000 updates a second, at which readers are compared best:
// each update costs the reader a line that it does not have. A sample has ns per update, and besides
//
//     reads    sections per second
//     updates  per second
//     peak     the most objects that were unreclaimed at once: as in retire.h
#pragma once

#include <stdlib.h>

#include "bench/support/program.h"
#include "bench/support/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { bench_node_words = 8 };  // the last one is read; the first ones are for the implementation

// Ends the program if there is no memory.
uint64_t* bench_node(void);

static inline void bench_free(void* node) {
  free(node);
  bench_reclaimed();
}

static inline void bench_free_exactly(void* node) {
  free(node);
  bench_reclaimed_exactly();
}

struct mixed_peer {
  void (*arrive)(void);         // the calling thread may read and retire from now on
  void (*depart)(void);         // and from now on not any more
  bench_batch* read;            // so many sections
  bench_batch* update;          // so many updates: bench_retired() together, bench_free()
  bench_batch* update_exactly;  // the same: bench_retired_exactly(), bench_free_exactly()
  void (*barrier)(void);        // all deleters of what was retired before have been run
};

// The main() of a program. Its rows are called rw and rwlim.
int mixed_main(const struct mixed_peer* peer, int argc, char** argv);

#ifdef __cplusplus
}
#endif
