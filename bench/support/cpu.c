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

double bench_stolen_since(double before, const struct bench_setting* setting) {
  const double now = bench_stolen(setting);
  return before < 0 || now < 0 ? -1 : now - before;
}

struct bench_reading bench_read_cpus(void) {
  int cpus;
  return (struct bench_reading){bench_now(CLOCK_MONOTONIC), bench_now(CLOCK_PROCESS_CPUTIME_ID), bench_busy(&cpus)};
}

double bench_foreign_part(struct bench_reading from, struct bench_reading to) {
  // Each CPU's time is rounded to ticks at either end.
  static const double tick_ms = 10;
  int cpus = 1;
  if (from.busy < 0 || bench_busy(&cpus) < 0) return 0;
  const double foreign = to.busy - from.busy - bench_ms(to.ours - from.ours) - tick_ms * cpus;
  return foreign <= 0 ? 0 : foreign / (bench_ms(to.wall - from.wall) * cpus);
}
