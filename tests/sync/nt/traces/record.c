// Makes a trace: random calls, each printed with what the system's own ntdll answered. README.md says how it is run.
//
//     record SEED CALLS            one thread: everything that does not block
//     record SEED CALLS threads    three more, which block, and are let through by each other
#include "tests/sync/nt/traces/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sync/nt/api/ntdll.h"

enum kind have[script_slots];
unsigned most_slots;
char answer[script_line];
static unsigned long long state;

unsigned draw(unsigned n) {  // splitmix64
  unsigned long long z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return (unsigned)((z ^ (z >> 31)) % n);
}

// Long enough for a thread to come back, or to be asleep: what is printed is to be so each time.
static void settle(void) {
  const LARGE_INTEGER some_time = {.QuadPart = -300000};
  int someone = 0;
  for (unsigned i = 1; i <= script_threads; ++i) someone |= script_is_busy(i);
  if (someone) NtDelayExecution(FALSE, (LARGE_INTEGER*)&some_time);
}

int say(const char* format, ...) {
  char line[script_line];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  script_begin(line);
  settle();
  script_answer(answer, sizeof answer);
  script_collect();
  printf("%s -> %s\n", line, answer);
  return answer[0] == '0' || answer[0] == '4';
}

int main(int argc, char** argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: record SEED CALLS [threads]\n");
    return 2;
  }
  state = strtoull(argv[1], NULL, 10);
  const long calls = strtol(argv[2], NULL, 10);
  if (argc > 3) {
    run_threads(calls);
  } else {
    run_one_thread(calls);
  }
  script_close();
  return 0;
}
