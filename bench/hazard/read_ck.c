// What protecting an object costs by ck's interface; its loop is that of read.cc. In C: ck's headers are no C++.
#include <errno.h>
#include <stdint.h>

#include "bench/hazard/ck.h"
#include "bench/support/cpu.h"
#include "bench/support/places.h"
#include "bench/support/program.h"

// Nothing that is read shares a line with anything that is written.
struct object {
  _Alignas(128) uint64_t value;
};
static struct object shown = {1};

struct pointer {
  _Alignas(128) void* to;
};
struct pointer bench_source = {&shown};  // not static: it may change, for all that the compiler knows

static _Thread_local volatile uint64_t sink;  // keeps the sum, and with it the loads, alive
static _Thread_local struct bench_ck_record* own;

static struct bench_ck ck = BENCH_CK;

BENCH_LOOP_AFTER(reads, sink, struct bench_ck_record* const h = own, {
  sum += ((struct object*)bench_ck_protect(h, &bench_source.to))->value;
  bench_ck_reset(h);
})

// As a thread that protects must; microseconds in a sample of many milliseconds.
static void protect_reused(uint64_t operations) {
  own = bench_ck_take(&ck);
  if (own == NULL) bench_die("so many threads with hazard pointers", ENOSPC);
  reads(operations);
  bench_ck_give(&ck, own);
}

static void reclaim(void* object) { (void)object; }

static const char* prepare(void) {
  bench_ck_prepare(&ck, &reclaim);
  return NULL;
}

int main(int argc, char** argv) {
  static const struct bench_row rows[] = {
      {"protect_reused", bench_alone, &protect_reused},
      {"protect_reused_2t", bench_pair, &protect_reused},
      {NULL, bench_alone, NULL},
  };
  static const struct bench_program program = {.rows = rows, .prepare = &prepare};
  return bench_main(&program, argc, argv);
}
