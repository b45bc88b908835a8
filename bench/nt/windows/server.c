// The rows of the room by the calls of Windows: what Wine's server makes of them.
//
//     server MILLISECONDS ROW...      prints a line "ROW NANOSECONDS MILLISECONDS" for each: of a round, of them
//     all
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

typedef void rounds(uint64_t n);

static void require(int done, const char* what) {
  if (done) return;
  fprintf(stderr, "bench: %s has failed: error %lu\n", what, GetLastError());
  exit(1);
}

static HANDLE auto_event(void) {
  const HANDLE h = CreateEventW(NULL, FALSE, FALSE, NULL);
  require(h != NULL, "CreateEvent");
  return h;
}

static void set(HANDLE h) { require(SetEvent(h), "SetEvent"); }
static void wait_for(HANDLE h) { require(WaitForSingleObject(h, INFINITE) == WAIT_OBJECT_0, "WaitForSingleObject"); }

// One thread.

static HANDLE event;
static HANDLE mutant;
static HANDLE semaphore;
static HANDLE manual[64];

static void make_objects(void) {
  event = auto_event();
  mutant = CreateMutexW(NULL, FALSE, NULL);
  semaphore = CreateSemaphoreW(NULL, 1, 1000, NULL);
  require(mutant != NULL && semaphore != NULL, "making an object");
  for (int i = 0; i < 64; ++i) {
    manual[i] = CreateEventW(NULL, TRUE, TRUE, NULL);
    require(manual[i] != NULL, "CreateEvent");
  }
}

static void set_wait(uint64_t n) {
  for (; n != 0; --n) {
    set(event);
    wait_for(event);
  }
}

static void take_mutant(uint64_t n) {
  for (; n != 0; --n) {
    wait_for(mutant);
    require(ReleaseMutex(mutant), "ReleaseMutex");
  }
}

static void take_semaphore(uint64_t n) {
  for (; n != 0; --n) {
    wait_for(semaphore);
    require(ReleaseSemaphore(semaphore, 1, NULL), "ReleaseSemaphore");
  }
}

static void wait_ready(DWORD count, BOOL all, uint64_t n) {
  for (; n != 0; --n) {
    require(WaitForMultipleObjects(count, manual, all, INFINITE) == WAIT_OBJECT_0, "WaitForMultipleObjects");
  }
}
static void wait_any_64(uint64_t n) { wait_ready(64, FALSE, n); }
static void wait_all_2(uint64_t n) { wait_ready(2, TRUE, n); }
static void wait_all_8(uint64_t n) { wait_ready(8, TRUE, n); }

static void create_close(uint64_t n) {
  for (; n != 0; --n) require(CloseHandle(auto_event()), "CloseHandle");
}

// Two threads.

enum { most_objects = 64 };

struct group {
  HANDLE events[most_objects];  // the last one is set
  DWORD count;
};

static struct group here;
static struct group there;

static void make_group(struct group* g, DWORD count) {
  g->count = count;
  for (DWORD i = 0; i < count; ++i) g->events[i] = auto_event();
}
static void close_group(struct group* g) {
  for (DWORD i = 0; i < g->count; ++i) CloseHandle(g->events[i]);
}
static void set_group(struct group* g) { set(g->events[g->count - 1]); }
static void wait_group(struct group* g) {
  require(WaitForMultipleObjects(g->count, g->events, FALSE, INFINITE) == WAIT_OBJECT_0 + g->count - 1, "waiting");
}

static DWORD WINAPI answer(void* argument) {
  for (uint64_t n = *(const uint64_t*)argument; n != 0; --n) {
    wait_group(&there);
    set_group(&here);
  }
  return 0;
}

static void hand_over(DWORD count, uint64_t n) {
  make_group(&here, count);
  make_group(&there, count);
  const HANDLE second = CreateThread(NULL, 0, &answer, &n, 0, NULL);
  require(second != NULL, "CreateThread");
  for (uint64_t i = n; i != 0; --i) {
    set_group(&there);
    wait_group(&here);
  }
  wait_for(second);
  CloseHandle(second);
  close_group(&here);
  close_group(&there);
}
static void hand_over_1(uint64_t n) { hand_over(1, n); }
static void hand_over_64(uint64_t n) { hand_over(64, n); }

static DWORD WINAPI compete(void* argument) {
  take_mutant(*(const uint64_t*)argument);
  return 0;
}

static void contend(uint64_t n) {
  const HANDLE second = CreateThread(NULL, 0, &compete, &n, 0, NULL);
  require(second != NULL, "CreateThread");
  take_mutant(n);
  wait_for(second);
  CloseHandle(second);
}

struct row {
  const char* name;
  rounds* run;
  int operations;  // in a round: hand-overs, or what either thread does
};

static const struct row rows[] = {
    {"set_wait_uncontended", &set_wait, 1},
    {"mutant_uncontended", &take_mutant, 1},
    {"semaphore_uncontended", &take_semaphore, 1},
    {"wait_any_64_ready", &wait_any_64, 1},
    {"wait_all_2_ready", &wait_all_2, 1},
    {"wait_all_8_ready", &wait_all_8, 1},
    {"create_close", &create_close, 1},
    {"handover_1core", &hand_over_1, 2},
    {"wait_any_64_handover_1core", &hand_over_64, 2},
    {"zigzag_2s", &hand_over_1, 2},
    {"contended_10m", &contend, 2},
};

static double now(void) {
  LARGE_INTEGER ticks;
  LARGE_INTEGER in_a_second;
  require(QueryPerformanceCounter(&ticks) && QueryPerformanceFrequency(&in_a_second), "QueryPerformanceCounter");
  return (double)ticks.QuadPart * 1e9 / (double)in_a_second.QuadPart;
}

static double time_of(const struct row* row, uint64_t n) {
  const double from = now();
  row->run(n);
  return now() - from;
}

static void measure(const struct row* row, double wanted) {
  uint64_t n = 16;
  double took = time_of(row, n);
  while (took < wanted / 4) {
    n *= took >= wanted / 32 ? 4 : 8;
    took = time_of(row, n);
  }
  n = (uint64_t)((double)n * wanted / took) + 1;
  took = time_of(row, n);
  printf("%s %.6g %.6g\n", row->name, took / ((double)n * row->operations), took / 1e6);
}

int main(int argc, char** argv) {
  require(argc > 2, "reading what is wanted");
  make_objects();
  for (int i = 2; i < argc; ++i) {
    size_t r = 0;
    while (r < sizeof rows / sizeof rows[0] && strcmp(rows[r].name, argv[i]) != 0) ++r;
    require(r < sizeof rows / sizeof rows[0], "finding a row");
    measure(&rows[r], atof(argv[1]) * 1e6);
  }
  return 0;
}
