#define _GNU_SOURCE
#include "bench/support/cpu.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/support/measure.h"

void bench_die(const char* what, int error) {
  fprintf(stderr, "bench: %s: %s\n", what, strerror(error));
  exit(1);
}

void bench_pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET((size_t)cpu, &set);
  const int error = pthread_setaffinity_np(pthread_self(), sizeof set, &set);
  if (error != 0) bench_die("binding a thread to its CPU", error);
  if (sched_getcpu() != cpu) bench_die("a thread does not run where it was bound to", EINVAL);
}

uint64_t bench_now(clockid_t clock) {
  struct timespec t;
  if (clock_gettime(clock, &t) != 0) bench_die("reading a clock", errno);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

clockid_t bench_clock_of(pthread_t thread) {
  clockid_t clock;
  const int error = pthread_getcpuclockid(thread, &clock);
  if (error != 0) bench_die("the CPU time of a thread", error);
  return clock;
}

double bench_stolen(const struct bench_setting* setting) {
  FILE* const stat = fopen("/proc/stat", "r");
  if (stat == NULL) return -1;
  char line[512];
  unsigned long long ticks = 0;
  int found = 0;
  while (fgets(line, sizeof line, stat) != NULL) {
    // "cpu<N> user nice system idle iowait irq softirq steal ...": proc(5).
    int cpu;
    unsigned long long steal;
    if (sscanf(line, "cpu%d %*u %*u %*u %*u %*u %*u %*u %llu", &cpu, &steal) != 2) continue;
    if (cpu != setting->cpu && cpu != setting->other) continue;
    ticks += steal;
    ++found;
  }
  fclose(stat);
  if (found == 0) return -1;
  return (double)ticks * 1e3 / (double)sysconf(_SC_CLK_TCK);
}
