// The main() of a benchmark program: takes one sample of each row that it is asked for.
//
//     PROGRAM --about                                     what it is built with and runs on, as one line of JSON
//     PROGRAM --cpu N [--other N] --ms T ROW...           one line of JSON for each row, in the order given
//
// A line is {"row":...,"ns":...,...} (the fields of bench_sample, and what it has more), or {"row":...,"absent":"why"}
// where the row cannot be had on this machine. The exit status is 0 in either case.
#pragma once

#include "bench/support/measure.h"

#ifdef __cplusplus
extern "C" {
#endif

struct bench_row {
  const char* name;
  enum bench_company company;
  bench_batch* batch;
};

struct bench_program {
  const struct bench_row* rows;  // the last one has no name
  // Makes ready what the rows need; returns null, or why they cannot be had here. May be null.
  const char* (*prepare)(void);
  // The name of the strategy in use and why. May be null.
  const char* (*strategy)(void);
  const char* (*reason)(void);
  // Takes a row's sample in the program's own way. Null: bench_measure does.
  struct bench_sample (*take)(const struct bench_row* row, const struct bench_setting* setting);
};

int bench_main(const struct bench_program* program, int argc, char** argv);

#ifdef __cplusplus
}
#endif
