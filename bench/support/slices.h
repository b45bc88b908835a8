// A sample in slices, of which those count in which the second thread ran without a break.
//
// A call that has to interrupt a running thread takes a thirtieth of the time while that thread does not run, and many
// more of them fit in: one break of a millisecond in a sample of sixty makes the mean a third smaller. Even an idle
// machine gives a CPU to a thread of the kernel every few dozen milliseconds. What is kept is decided by the CPU time
// of the second thread and never by what was measured.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bench_slice {
  uint64_t wall;        // nanoseconds
  uint64_t company;     // nanoseconds of CPU time that the second thread had meanwhile
  uint64_t operations;  // that were done meanwhile
};

struct bench_unbroken {
  double ns;    // per operation, in the slices kept; in all, if none is
  double part;  // of all the time, that was kept; 0 if the second thread had less than half its CPU in most slices
};

enum { bench_most_slices = 256 };

// Two readings as a slice: what lies between them.
static inline struct bench_slice bench_between(struct bench_slice a, struct bench_slice b) {
  const struct bench_slice slice = {b.wall - a.wall, b.company - a.company, b.operations - a.operations};
  return slice;
}

// The share of its CPU that the second thread has in an unbroken slice, and whether a slice is one.
double bench_usual_share(const struct bench_slice* slices, int count);
int bench_is_unbroken(const struct bench_slice* slice, double usual_share);

// `count` is from 1 to bench_most_slices.
struct bench_unbroken bench_keep_unbroken(const struct bench_slice* slices, int count);

#ifdef __cplusplus
}
#endif
