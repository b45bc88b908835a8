#include "bench/support/companion.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

#include "bench/support/cpu.h"

// Enough for a loop, and for a thousand of them.
static const size_t stack_bytes = (size_t)256 * 1024;

void bench_rest(double milliseconds) {
  const uint64_t ns = (uint64_t)(milliseconds * 1e6);
  const struct timespec t = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
  nanosleep(&t, NULL);
}

void bench_launch(struct bench_companion* c, bench_body* body, void* argument, int cpu) {
  c->argument = argument;
  c->cpu = cpu;
  atomic_init(&c->ready, 0);
  atomic_init(&c->stop, 0);
  atomic_init(&c->operations, 0);
  pthread_mutex_init(&c->lock, NULL);
  pthread_cond_init(&c->stopped, NULL);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes);
  const int error = pthread_create(&c->thread, &attributes, body, c);
  if (error != 0) bench_die("a further thread", error);
  pthread_attr_destroy(&attributes);
}

void bench_await(struct bench_companion* c) {
  while (atomic_load_explicit(&c->ready, memory_order_relaxed) == 0) bench_rest(0.1);
}

void bench_start(struct bench_companion* c, bench_body* body, void* argument, int cpu) {
  bench_launch(c, body, argument, cpu);
  bench_await(c);
}

void bench_stop(struct bench_companion* c) {
  pthread_mutex_lock(&c->lock);
  atomic_store_explicit(&c->stop, 1, memory_order_relaxed);
  pthread_cond_signal(&c->stopped);
  pthread_mutex_unlock(&c->lock);
  pthread_join(c->thread, NULL);
  pthread_cond_destroy(&c->stopped);
  pthread_mutex_destroy(&c->lock);
}

void bench_here(struct bench_companion* me) {
  if (me->cpu >= 0) bench_pin(me->cpu);
  atomic_store_explicit(&me->ready, 1, memory_order_relaxed);
}

void bench_sleep(struct bench_companion* me) {
  pthread_mutex_lock(&me->lock);
  while (!bench_stopped(me)) pthread_cond_wait(&me->stopped, &me->lock);
  pthread_mutex_unlock(&me->lock);
}
