#include "bench/support/cpu.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bench_die(const char* what, int error) {
  fprintf(stderr, "bench: %s: %s\n", what, strerror(error));
  exit(1);
}

uint64_t bench_now(clockid_t clock) {
  struct timespec t;
  if (clock_gettime(clock, &t) != 0) bench_die("reading a clock", errno);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
