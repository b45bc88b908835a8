// One sample of one operation: how long it takes, and whether the machine left us alone meanwhile.
//
// In C, so that rivals which must be compiled as C are measured by the very code that measures Weir. A benchmark
// program is a table of rows and a main() that calls bench_main (program.h).
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Runs the operation so many times. The loop is inside, so that no indirect call is timed.
typedef void bench_batch(uint64_t operations);

// Who else is there while the operation is measured.
enum bench_company {
  bench_alone,     // the process has one thread
  bench_asleep,    // a second thread, blocked
  bench_spinning,  // a second thread that runs on the other CPU all the time
  bench_pair,      // a second thread does the same on the other CPU
  bench_crowd,     // eight threads on the first CPU make the call all the time, one spins on the other CPU
};

struct bench_setting {
  int cpu;              // where the operation runs
  int other;            // where the spinning thread runs; -1: there is no second CPU
  double milliseconds;  // how long a sample should take
};

// What a program has measured besides.
struct bench_value {
  const char* name;  // null: there is none
  double value;
};

enum { bench_most_values = 4 };

struct bench_sample {
  double ns;         // per operation (pair: of each thread); crowd: wall time / calls of all threads together
  double wall_ms;    // what was timed
  double share;      // of its CPU, that the measuring thread had (crowd: the eight together; pair: the lesser)
  double company;    // of the time, that counts because the spinning thread ran without a break; 1 if there is none
  double stolen_ms;  // what the hypervisor took from our CPUs, in ticks of 10 ms; -1: the kernel does not say
  double others;     // processes besides ours that ran or wanted to, to each CPU; 0: none, or not looked for
  struct bench_value more[bench_most_values];
};

// Takes one sample, after a shorter run that finds the number of operations and warms up.
// Blocks for about 1.5 times setting->milliseconds. On failure (no such CPU, no thread) it says so and ends the
// program.
struct bench_sample bench_measure(bench_batch* batch, enum bench_company company, const struct bench_setting* setting);

// How many operations take about so long. Warms up meanwhile.
uint64_t bench_calibrate(bench_batch* batch, double milliseconds);

#ifdef __cplusplus
}
#endif
