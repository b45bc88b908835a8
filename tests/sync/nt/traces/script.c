#include "tests/sync/nt/traces/script.h"

#include <stdio.h>
#include <string.h>

#include "tests/sync/nt/api/ntdll.h"
#include "tests/sync/nt/traces/calls.h"
#include "tests/sync/nt/traces/text.h"

enum { idle, busy, over };

static struct {
  struct text call;
  int state;  // idle, busy, over: handed over by acquire and release
  HANDLE work;
  HANDLE thread;
  int was_blocked;              // before this step
} threads[script_threads + 1];  // the first one is who steps

static unsigned stepping;  // whose call it is
static int is_closing;

void (*script_thread_begins)(unsigned thread);

static void die(const char* why) { text_die(&threads[stepping].call, why); }

static NTSTATUS NTAPI make_calls(PVOID number_of) {
  const unsigned n = (unsigned)(ULONG_PTR)number_of;
  if (script_thread_begins != NULL) script_thread_begins(n);
  for (;;) {
    NtWaitForSingleObject(threads[n].work, FALSE, NULL);
    if (__atomic_load_n(&is_closing, __ATOMIC_ACQUIRE)) return 0;
    make_call(&threads[n].call);
    __atomic_store_n(&threads[n].state, over, __ATOMIC_RELEASE);
  }
}

int script_is_busy(unsigned thread) { return __atomic_load_n(&threads[thread].state, __ATOMIC_ACQUIRE) == busy; }

static void start(unsigned n) {
  if (NtCreateEvent(&threads[n].work, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, 0) < 0 ||
      NtCreateThreadEx(&threads[n].thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), make_calls, (PVOID)(ULONG_PTR)n,
                       0, 0, 0, 0, NULL) < 0)
    die("no thread");
}

void script_begin(const char* line) {
  stepping = 0;
  if (*line == '@') {
    stepping = (unsigned)(line[1] - '0');
    line += 2;
    if (stepping < 1 || stepping > script_threads || threads[stepping].state != idle) die("no such thread");
    if (threads[stepping].thread == NULL) start(stepping);
  }
  struct text* const call = &threads[stepping].call;
  if (strlen(line) >= sizeof call->line) die("too long");
  strcpy(call->line, line);
  call->from = call->line;
  call->length = 0;
  if (stepping == 0) {
    make_call(call);
    threads[0].state = over;
    return;
  }
  __atomic_store_n(&threads[stepping].state, busy, __ATOMIC_RELAXED);  // the event's set is a release
  NtSetEvent(threads[stepping].work, NULL);
}

void script_answer(char* to, size_t size) {
  size_t n = (size_t)snprintf(to, size, "%s", script_is_busy(stepping) ? "blocked" : threads[stepping].call.to);
  for (unsigned i = 1; i <= script_threads && n < size; ++i) {
    if (i == stepping || !threads[i].was_blocked || script_is_busy(i)) continue;
    n += (size_t)snprintf(to + n, size - n, ", @%u %s", i, threads[i].call.to);
  }
  for (unsigned i = 0; i < ran.count && n < size; ++i)
    n += (size_t)snprintf(to + n, size - n, i == 0 ? ", apcs %u" : " %u", ran.numbers[i]);
}

void script_collect(void) {
  ran.count = 0;
  for (unsigned i = 0; i <= script_threads; ++i) {
    threads[i].was_blocked = script_is_busy(i);
    if (!threads[i].was_blocked) threads[i].state = idle;
  }
}

// Whatever a thread may wait for; mutants of other threads are abandoned by these.
static void signal_all(void) {
  for (unsigned i = 0; i < script_slots; ++i) {
    NtSetEvent(slots[i], NULL);
    NtReleaseSemaphore(slots[i], 1, NULL);
    while (NtReleaseMutant(slots[i], NULL) >= 0) continue;
  }
}

void script_close(void) {
  const LARGE_INTEGER short_time = {.QuadPart = -10000};
  __atomic_store_n(&is_closing, 1, __ATOMIC_RELEASE);
  for (unsigned i = 1; i <= script_threads; ++i) {
    if (threads[i].thread != NULL) NtSetEvent(threads[i].work, NULL);
  }
  for (unsigned i = 1; i <= script_threads; ++i) {
    if (threads[i].thread == NULL) continue;
    while (NtWaitForSingleObject(threads[i].thread, FALSE, (LARGE_INTEGER*)&short_time) == STATUS_TIMEOUT) signal_all();
    NtClose(threads[i].work);
    NtClose(threads[i].thread);
    threads[i].thread = NULL;
    threads[i].state = idle;
    threads[i].was_blocked = 0;
  }
  __atomic_store_n(&is_closing, 0, __ATOMIC_RELAXED);  // nobody is left
  // What is left over is nobody's.
  const LARGE_INTEGER now = {.QuadPart = 0};
  NtWaitForAlertByThreadId(NULL, &now);
  NtTestAlert();
  ran.count = 0;
  for (unsigned i = 0; i < script_slots; ++i) {
    NtClose(slots[i]);
    slots[i] = NULL;
  }
}

int script_is_same(unsigned one_slot, unsigned other_slot) {
#if defined(TEST_OF_THE_SYSTEMS_NTDLL)
  return slots[one_slot] == slots[other_slot] || NtCompareObjects(slots[one_slot], slots[other_slot]) == 0;
#else
  return slots[one_slot] == slots[other_slot];
#endif
}
