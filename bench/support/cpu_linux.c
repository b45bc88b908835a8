#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/support/cpu.h"
#include "bench/support/measure.h"

// The CPUs that the program was begun with, before any of its threads was bound to one.
static cpu_set_t all;
static void remember(void) {
  if (sched_getaffinity(0, sizeof all, &all) != 0) bench_die("the CPUs that we may use", errno);
}
static const cpu_set_t* all_cpus(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, &remember);
  return &all;
}

void bench_unpin(void) {
  const int error = pthread_setaffinity_np(pthread_self(), sizeof all, all_cpus());
  if (error != 0) bench_die("binding a thread to no CPU", error);
}

void bench_pin(int cpu) {
  all_cpus();
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

// Calls `take` with each CPU's ticks: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)). Returns the
// number of CPUs for which it said yes; -1: the kernel does not tell.
static int each_cpu(int (*take)(int cpu, const unsigned long long ticks[8], void* of), void* of) {
  FILE* const stat = fopen("/proc/stat", "r");
  if (stat == NULL) return -1;
  char line[512];
  int found = 0;
  while (fgets(line, sizeof line, stat) != NULL) {
    int cpu;
    unsigned long long t[8];
    if (sscanf(line, "cpu%d %llu %llu %llu %llu %llu %llu %llu %llu", &cpu, &t[0], &t[1], &t[2], &t[3], &t[4], &t[5],
               &t[6], &t[7]) == 9) {
      found += take(cpu, t, of);
    }
  }
  fclose(stat);
  return found;
}

static double ms_of(unsigned long long ticks) { return (double)ticks * 1e3 / (double)sysconf(_SC_CLK_TCK); }

struct stolen {
  const struct bench_setting* setting;
  unsigned long long ticks;
};

static int add_stolen(int cpu, const unsigned long long ticks[8], void* of) {
  struct stolen* const sum = of;
  if (cpu != sum->setting->cpu && cpu != sum->setting->other) return 0;
  sum->ticks += ticks[7];
  return 1;
}

double bench_stolen(const struct bench_setting* setting) {
  struct stolen sum = {setting, 0};
  return each_cpu(&add_stolen, &sum) > 0 ? ms_of(sum.ticks) : -1;
}

double bench_others(int ours) {
  FILE* const load = fopen("/proc/loadavg", "r");
  int running;
  if (load == NULL) return 0;
  const int found = fscanf(load, "%*f %*f %*f %d/", &running);  // proc(5)
  fclose(load);
  return found == 1 && running > ours ? (double)(running - ours) / (double)sysconf(_SC_NPROCESSORS_ONLN) : 0;
}

struct busy {
  const cpu_set_t* ours;
  unsigned long long ticks;
};

static int add_busy(int cpu, const unsigned long long ticks[8], void* of) {
  struct busy* const sum = of;
  if (!CPU_ISSET((size_t)cpu, sum->ours)) return 0;
  sum->ticks += ticks[0] + ticks[1] + ticks[2];
  return 1;
}

double bench_busy(int* cpus) {
  struct busy sum = {all_cpus(), 0};
  *cpus = each_cpu(&add_busy, &sum);
  return *cpus > 0 ? ms_of(sum.ticks) : -1;
}
