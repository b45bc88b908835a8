// Where our threads run, and how much of that CPU they got.
#pragma once

#include <pthread.h>
#include <stdint.h>
#include <time.h>

struct bench_setting;

// Ends the program with a sentence.
_Noreturn void bench_die(const char* what, int error);

// Nanoseconds of a clock.
uint64_t bench_now(clockid_t clock);

static inline double bench_ms(uint64_t ns) { return (double)ns / 1e6; }

// Of the time between two such readings, the part in which other processes had a CPU of those that we may use. What is
// told in ticks is believed only from a few ticks on. For samples whose own threads sleep now and then, or move.
struct bench_reading {
  uint64_t wall;  // nanoseconds
  uint64_t ours;  // of CPU time of this process, nanoseconds
  double busy;    // of CPU time of all processes, milliseconds; -1: the system does not tell
};
struct bench_reading bench_read_cpus(void);
double bench_foreign_part(struct bench_reading from, struct bench_reading to);

// What was stolen since `before`; -1: the kernel does not tell.
double bench_stolen_since(double before, const struct bench_setting* setting);

// What differs between systems, in a file for each: cpu_linux.c, cpu_apple.c.

// Binds the calling thread to a CPU, and sees that it runs there; where threads cannot be bound (Apple) has it run on a
// fast one.
void bench_pin(int cpu);

// Lets it go where it likes again: wherever the program was allowed to run when it began.
void bench_unpin(void);

// Nanoseconds of CPU time that a thread has had, any thread's.
uint64_t bench_cpu_of(pthread_t thread);

// Milliseconds that the hypervisor has taken so far from the CPUs of `setting`; -1 where the kernel does not tell.
double bench_stolen(const struct bench_setting* setting);

// How many threads of all processes run or want to, to each CPU of the machine; `ours` are not counted. 0 where the
// system does not tell.
double bench_others(int ours);

// Milliseconds that the CPUs which this process may use have not been idle so far, and how many those are; -1 where the
// system does not tell.
double bench_busy(int* cpus);
