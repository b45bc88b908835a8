// Where our threads run, and how much of that CPU they got.
#pragma once

#include <pthread.h>
#include <stdint.h>
#include <time.h>

struct bench_setting;

// Ends the program with a sentence.
_Noreturn void bench_die(const char* what, int error);

// Binds the calling thread to a CPU, and sees that it runs there.
void bench_pin(int cpu);

// Nanoseconds of a clock.
uint64_t bench_now(clockid_t clock);

// The clock that counts the CPU time of a thread; it can be read from any other thread.
clockid_t bench_clock_of(pthread_t thread);

// Milliseconds that the hypervisor has taken so far from the CPUs of `setting`; -1 where the kernel does not tell.
double bench_stolen(const struct bench_setting* setting);
