// The other way to interrupt every CPU of the process, on x86: taking a page away with mprotect(2). Two calls a
// barrier, because the kernel has something to flush only if the page was written since the last time.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/support/program.h"

static void* page;
static size_t page_bytes;

static void protect(int access) {
  if (mprotect(page, page_bytes, access) == 0) return;
  perror("bench: mprotect(2)");
  exit(1);
}

static void call(uint64_t operations) {
  for (uint64_t i = 0; i < operations; ++i) {
    protect(PROT_READ | PROT_WRITE);
    *(volatile uint64_t*)page = i;
    protect(PROT_NONE);
  }
}

static const char* prepare(void) {
  static char why[200];
  page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  page = mmap(NULL, page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page != MAP_FAILED) return NULL;
  snprintf(why, sizeof why, "a page cannot be had: %s", strerror(errno));
  return why;
}

int main(int argc, char** argv) {
  static const struct bench_row rows[] = {
      {"alone", bench_alone, &call},
      {"spinning", bench_spinning, &call},
      {NULL, bench_alone, NULL},
  };
  static const struct bench_program program = {.rows = rows, .prepare = &prepare};
  return bench_main(&program, argc, argv);
}
