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

// What differs between systems, in a file for each: cpu_linux.c, cpu_apple.c.

// Binds the calling thread to a CPU, and sees that it runs there; where threads cannot be bound (Apple) has it run on a
// fast one.
void bench_pin(int cpu);

// Nanoseconds of CPU time that a thread has had, any thread's.
uint64_t bench_cpu_of(pthread_t thread);

// Milliseconds that the hypervisor has taken so far from the CPUs of `setting`; -1 where the kernel does not tell.
double bench_stolen(const struct bench_setting* setting);
