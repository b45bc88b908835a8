// The bare system call under heavy(): membarrier(2), PRIVATE_EXPEDITED. No fence, no sharing between callers.
#include <errno.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/support/program.h"

static void call(uint64_t operations) {
  for (uint64_t i = 0; i < operations; ++i) {
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0) {
      perror("bench: membarrier(2)");
      exit(1);
    }
  }
}

// Registers before there is a second thread, as Weir does.
static const char* prepare(void) {
  static char why[200];
  if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0 &&
      syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0) {
    return NULL;
  }
  snprintf(why, sizeof why, "the kernel refuses membarrier(2): %s", strerror(errno));
  return why;
}

int main(int argc, char** argv) {
  static const struct bench_row rows[] = {
      {"alone", bench_alone, &call}, {"asleep", bench_asleep, &call}, {"spinning", bench_spinning, &call},
      {"crowd", bench_crowd, &call}, {NULL, bench_alone, NULL},
  };
  static const struct bench_program program = {.rows = rows, .prepare = &prepare};
  return bench_main(&program, argc, argv);
}
