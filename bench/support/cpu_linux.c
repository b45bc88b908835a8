#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/support/cpu.h"
#include "bench/support/measure.h"

void bench_pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET((size_t)cpu, &set);
  const int error = pthread_setaffinity_np(pthread_self(), sizeof set, &set);
  if (error != 0) bench_die("binding a thread to its CPU", error);
  if (sched_getcpu() != cpu) bench_die("a thread does not run where it was bound to", EINVAL);
}

uint64_t bench_cpu_of(pthread_t thread) {
  clockid_t clock;
  const int error = pthread_getcpuclockid(thread, &clock);
  if (error != 0) bench_die("the CPU time of a thread", error);
  return bench_now(clock);
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
