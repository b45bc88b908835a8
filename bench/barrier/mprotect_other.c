// mprotect(2) as a barrier, where it is none: other processors invalidate each other's TLB without an interrupt.
#include <stddef.h>

#include "bench/support/program.h"

static const char* prepare(void) { return "mprotect(2) interrupts other CPUs on x86 only"; }

int main(int argc, char** argv) {
  static const struct bench_row rows[] = {
      {"alone", bench_alone, NULL},
      {"spinning", bench_spinning, NULL},
      {NULL, bench_alone, NULL},
  };
  static const struct bench_program program = {.rows = rows, .prepare = &prepare};
  return bench_main(&program, argc, argv);
}
