// Threads that do something until they are told to stop. Internal to the benchmarks, in C.
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { bench_line = 128 };  // no two threads write words that are nearer than this

// Every access to the atomics may be relaxed or stronger as one likes: no other memory is read on the strength of them.
struct bench_companion {
  pthread_t thread;
  void* argument;        // the body's own
  int cpu;               // -1: it is not bound to one
  pthread_mutex_t lock;  // for who sleeps until it is stopped
  pthread_cond_t stopped;
  atomic_int ready;
  atomic_int stop;
  _Alignas(bench_line) _Atomic uint64_t operations;  // what this one has done so far
};

// A body gets its companion, begins with bench_here(), and ends when bench_stopped() or bench_sleep() says so.
typedef void* bench_body(void*);

void bench_launch(struct bench_companion* c, bench_body* body, void* argument, int cpu);
void bench_await(struct bench_companion* c);  // until it has said bench_here()
void bench_stop(struct bench_companion* c);   // and waits for its end
void bench_start(struct bench_companion* c, bench_body* body, void* argument, int cpu);  // the first two

void bench_here(struct bench_companion* me);
void bench_sleep(struct bench_companion* me);

static inline int bench_stopped(struct bench_companion* me) {
  return atomic_load_explicit(&me->stop, memory_order_relaxed);
}

static inline void bench_did(struct bench_companion* me, uint64_t operations) {
  atomic_store_explicit(&me->operations, operations, memory_order_relaxed);
}

static inline uint64_t bench_done(struct bench_companion* c) {
  return atomic_load_explicit(&c->operations, memory_order_relaxed);
}

// Lets the calling thread sleep.
void bench_rest(double milliseconds);
