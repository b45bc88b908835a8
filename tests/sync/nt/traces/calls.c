#include "tests/sync/nt/traces/calls.h"

#include <stdlib.h>
#include <string.h>

struct ran ran;

static void create_event(struct text* t) {
  const unsigned at = read_slot(t);
  struct name n;
  HANDLE made = NULL;
  const ACCESS_MASK access = (ACCESS_MASK)read_number(t);
  OBJECT_ATTRIBUTES* const of = read_attributes(t, &n);
  const EVENT_TYPE what = (EVENT_TYPE)read_number(t);
  const BOOLEAN signaled = read_flag(t);
  tell_made(t, at, NtCreateEvent(&made, access, of, what, signaled), &made);
}
static void create_semaphore(struct text* t) {
  const unsigned at = read_slot(t);
  struct name n;
  HANDLE made = NULL;
  const ACCESS_MASK access = (ACCESS_MASK)read_number(t);
  OBJECT_ATTRIBUTES* const of = read_attributes(t, &n);
  const LONG count = (LONG)read_number(t);
  const LONG limit = (LONG)read_number(t);
  tell_made(t, at, NtCreateSemaphore(&made, access, of, count, limit), &made);
}
static void create_mutant(struct text* t) {
  const unsigned at = read_slot(t);
  struct name n;
  HANDLE made = NULL;
  const ACCESS_MASK access = (ACCESS_MASK)read_number(t);
  OBJECT_ATTRIBUTES* const of = read_attributes(t, &n);
  const BOOLEAN owned = read_flag(t);
  tell_made(t, at, NtCreateMutant(&made, access, of, owned), &made);
}
static void create_timer(struct text* t) {
  const unsigned at = read_slot(t);
  struct name n;
  HANDLE made = NULL;
  const ACCESS_MASK access = (ACCESS_MASK)read_number(t);
  OBJECT_ATTRIBUTES* const of = read_attributes(t, &n);
  const TIMER_TYPE what = (TIMER_TYPE)read_number(t);
  tell_made(t, at, NtCreateTimer(&made, access, of, what), &made);
}
static void create_keyed_event(struct text* t) {
  const unsigned at = read_slot(t);
  struct name n;
  HANDLE made = NULL;
  const ACCESS_MASK access = (ACCESS_MASK)read_number(t);
  OBJECT_ATTRIBUTES* const of = read_attributes(t, &n);
  tell_made(t, at, NtCreateKeyedEvent(&made, access, of, 0), &made);
}

typedef NTSTATUS(NTAPI* opener)(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*);
static void open_by(struct text* t, opener opens) {
  const unsigned at = read_slot(t);
  struct name n;
  HANDLE made = NULL;
  const ACCESS_MASK access = (ACCESS_MASK)read_number(t);
  tell_made(t, at, opens(&made, access, read_attributes(t, &n)), &made);
}
static void open_event(struct text* t) { open_by(t, NtOpenEvent); }
static void open_semaphore(struct text* t) { open_by(t, NtOpenSemaphore); }
static void open_mutant(struct text* t) { open_by(t, NtOpenMutant); }
static void open_timer(struct text* t) { open_by(t, NtOpenTimer); }
static void open_keyed_event(struct text* t) { open_by(t, NtOpenKeyedEvent); }

static void duplicate(struct text* t) {
  const unsigned at = read_slot(t);
  const HANDLE of = read_handle(t);
  const ACCESS_MASK access = (ACCESS_MASK)read_number(t);
  const ULONG options = (ULONG)read_number(t);
  HANDLE made = NULL;
  const NTSTATUS s = NtDuplicateObject(NtCurrentProcess(), of, NtCurrentProcess(), &made, access, 0, options);
  tell_made(t, at, s, &made);
}
static void close_handle(struct text* t) { tell_status(t, NtClose(read_handle(t))); }

static void set(struct text* t) {
  LONG previous = unwritten;
  const NTSTATUS s = NtSetEvent(read_handle(t), &previous);
  tell_previous(t, s, previous);
}
static void reset(struct text* t) {
  LONG previous = unwritten;
  const NTSTATUS s = NtResetEvent(read_handle(t), &previous);
  tell_previous(t, s, previous);
}
static void pulse(struct text* t) {
  LONG previous = unwritten;
  const NTSTATUS s = NtPulseEvent(read_handle(t), &previous);
  tell_previous(t, s, previous);
}
static void clear(struct text* t) { tell_status(t, NtClearEvent(read_handle(t))); }
static void release(struct text* t) {
  const HANDLE h = read_handle(t);
  LONG previous = unwritten;
  const NTSTATUS s = NtReleaseSemaphore(h, (LONG)read_number(t), &previous);
  tell_previous(t, s, previous);
}
static void release_mutant(struct text* t) {
  LONG previous = unwritten;
  const NTSTATUS s = NtReleaseMutant(read_handle(t), &previous);
  tell_previous(t, s, previous);
}

// Queries: of a class, and so many bytes more than there are to be had.
static void query_event(struct text* t) {
  EVENT_BASIC_INFORMATION info = {(EVENT_TYPE)77, 77};
  ULONG length = 77;
  const HANDLE h = read_handle(t);
  const int what = (int)read_number(t);
  const ULONG size = (ULONG)((long long)sizeof info + read_number(t));
  tell_status(t, NtQueryEvent(h, (EVENT_INFORMATION_CLASS)what, &info, size, &length));
  tell(t, " %d %ld %lu", (int)info.EventType, (long)info.EventState, (unsigned long)length);
}
static void query_semaphore(struct text* t) {
  SEMAPHORE_BASIC_INFORMATION info = {77, 77};
  ULONG length = 77;
  const HANDLE h = read_handle(t);
  const int what = (int)read_number(t);
  const ULONG size = (ULONG)((long long)sizeof info + read_number(t));
  tell_status(t, NtQuerySemaphore(h, (SEMAPHORE_INFORMATION_CLASS)what, &info, size, &length));
  tell(t, " %lu %lu %lu", (unsigned long)info.CurrentCount, (unsigned long)info.MaximumCount, (unsigned long)length);
}
static void query_mutant(struct text* t) {
  MUTANT_BASIC_INFORMATION info = {77, 77, 77};
  ULONG length = 77;
  const HANDLE h = read_handle(t);
  const int what = (int)read_number(t);
  const ULONG size = (ULONG)((long long)sizeof info + read_number(t));
  tell_status(t, NtQueryMutant(h, (MUTANT_INFORMATION_CLASS)what, &info, size, &length));
  tell(t, " %ld %d %d %lu", (long)info.CurrentCount, info.OwnedByCaller, info.AbandonedState, (unsigned long)length);
}
// How long it is to go says the clock.
static void query_timer(struct text* t) {
  TIMER_BASIC_INFORMATION info;
  info.TimerState = 77;
  ULONG length = 77;
  const HANDLE h = read_handle(t);
  const int what = (int)read_number(t);
  const ULONG size = (ULONG)((long long)sizeof info + read_number(t));
  tell_status(t, NtQueryTimer(h, (TIMER_INFORMATION_CLASS)what, &info, size, &length));
  tell(t, " %d %lu", info.TimerState, (unsigned long)length);
}

// A timer whose time is up is signaled by somebody else, soon.
static void await_expiry(const struct text* t, HANDLE timer) {
  HANDLE h = NULL;
  const LARGE_INTEGER short_time = {.QuadPart = -10000};
  TIMER_BASIC_INFORMATION info = {.TimerState = 0};
  if (NtDuplicateObject(NtCurrentProcess(), timer, NtCurrentProcess(), &h, TIMER_QUERY_STATE, 0, 0) < 0)
    text_die(t, "no duplicate");
  for (int i = 0; i < 10000 && !info.TimerState; ++i) {
    if (i != 0) NtDelayExecution(FALSE, &short_time);
    if (NtQueryTimer(h, TimerBasicInformation, &info, sizeof info, NULL) < 0) text_die(t, "no query");
  }
  NtClose(h);
}

static VOID NTAPI timer_apc(PVOID context, ULONG low, LONG high) {
  (void)low;
  (void)high;
  if (ran.count < 64) ran.numbers[ran.count++] = (unsigned)(ULONG_PTR)context;
}
static void set_timer(struct text* t) {
  const HANDLE h = read_handle(t);
  LARGE_INTEGER due;
  const LARGE_INTEGER* const when = read_time(t, &due);
  const LONG period = (LONG)read_number(t);
  const ULONG_PTR apc = (ULONG_PTR)read_number(t);  // 0: none
  BOOLEAN state = unwritten_state;
  const NTSTATUS s = NtSetTimer(h, when, apc != 0 ? timer_apc : NULL, (PVOID)apc, FALSE, period, &state);
  if (s >= 0 && when != NULL && when->QuadPart >= 0) await_expiry(t, h);
  tell_state(t, s, state);
}
static void cancel(struct text* t) {
  BOOLEAN state = unwritten_state;
  const NTSTATUS s = NtCancelTimer(read_handle(t), &state);
  tell_state(t, s, state);
}

static void wait_single(struct text* t) {
  LARGE_INTEGER time;
  const HANDLE h = read_handle(t);
  const BOOLEAN alertable = read_flag(t);
  tell_status(t, NtWaitForSingleObject(h, alertable, (LARGE_INTEGER*)read_time(t, &time)));
}
// Of one type (0: all, 1: any), alertable, a time, and handles: "5*65" is 65 times 5.
static void wait_multiple(struct text* t) {
  LARGE_INTEGER time;
  HANDLE many[80];
  ULONG count = 0;
  const WAIT_TYPE what = (WAIT_TYPE)read_number(t);
  const BOOLEAN alertable = read_flag(t);
  const LARGE_INTEGER* const when = read_time(t, &time);
  for (;;) {
    struct text look = *t;
    size_t length;
    const char* const at = read_word(&look, &length);
    if (length == 0) break;
    const char* const star = memchr(at, '*', length);
    const HANDLE h = read_handle(t);
    for (long n = star != NULL ? strtol(star + 1, NULL, 10) : 1; n != 0 && count < 80; --n) many[count++] = h;
  }
  tell_status(t, NtWaitForMultipleObjects(count, many, what, alertable, when));
}
static void signal_and_wait(struct text* t) {
  LARGE_INTEGER time;
  const HANDLE signal = read_handle(t);
  const HANDLE h = read_handle(t);
  const BOOLEAN alertable = read_flag(t);
  tell_status(t, NtSignalAndWaitForSingleObject(signal, h, alertable, read_time(t, &time)));
}
static void delay(struct text* t) {
  LARGE_INTEGER time;
  const BOOLEAN alertable = read_flag(t);
  tell_status(t, NtDelayExecution(alertable, read_time(t, &time)));
}

static VOID NTAPI apc_routine(ULONG_PTR a, ULONG_PTR b, ULONG_PTR c) {
  if (ran.count < 64) ran.numbers[ran.count++] = (unsigned)(a + b + c);
}
static void queue_apc(struct text* t) {
  const HANDLE h = read_handle(t);
  const ULONG_PTR n = (ULONG_PTR)read_number(t);
  tell_status(t, NtQueueApcThread(h, apc_routine, (PVOID)n, (PVOID)100, (PVOID)1000));
}
static void test_alert(struct text* t) { tell_status(t, NtTestAlert()); }
static void alert_by_id(struct text* t) { tell_status(t, NtAlertThreadByThreadId(NtCurrentThreadId())); }
static void wait_for_alert(struct text* t) {
  static const LARGE_INTEGER now = {.QuadPart = 0};
  tell_status(t, NtWaitForAlertByThreadId(t, &now));
}

// At a key, which may be odd: nobody else is there.
static unsigned key[2];
static void keyed_wait(struct text* t) {
  LARGE_INTEGER time;
  const HANDLE h = read_handle(t);
  const long long at = read_number(t);
  tell_status(t, NtWaitForKeyedEvent(h, (char*)key + at, FALSE, read_time(t, &time)));
}
static void keyed_release(struct text* t) {
  LARGE_INTEGER time;
  const HANDLE h = read_handle(t);
  const long long at = read_number(t);
  tell_status(t, NtReleaseKeyedEvent(h, (char*)key + at, FALSE, read_time(t, &time)));
}
// So many bytes, of which the one with the number differs.
static void wait_on_address(struct text* t) {
  static const char here[16];
  char there[16] = {0};
  LARGE_INTEGER time;
  const SIZE_T size = (SIZE_T)read_number(t);
  const long long differs = read_number(t);
  if (differs >= 0) there[differs] = 1;
  tell_status(t, RtlWaitOnAddress(here, there, size, read_time(t, &time)));
}

// A thread that takes what it is given, if it can, and ends with it. 0 is nothing.
static HANDLE to_take;
static NTSTATUS NTAPI take_and_end(PVOID result) {
  static const LARGE_INTEGER now = {.QuadPart = 0};
  if (to_take != NULL) *(NTSTATUS*)result = NtWaitForSingleObject(to_take, FALSE, (LARGE_INTEGER*)&now);
  return 0;
}
static HANDLE end_thread(const struct text* t, ACCESS_MASK access, NTSTATUS* result) {
  HANDLE thread = NULL;
  if (NtCreateThreadEx(&thread, access | SYNCHRONIZE, NULL, NtCurrentProcess(), take_and_end, result, 0, 0, 0, 0,
                       NULL) < 0)
    text_die(t, "no thread");
  NtWaitForSingleObject(thread, FALSE, NULL);
  return thread;
}
static void end_with(struct text* t) {
  NTSTATUS s = 0;
  to_take = read_handle(t);
  NtClose(end_thread(t, 0, &s));
  tell_status(t, s);
}
static void create_ended_thread(struct text* t) {
  const unsigned at = read_slot(t);
  const ACCESS_MASK access = (ACCESS_MASK)read_number(t);
  to_take = NULL;
  const HANDLE made = end_thread(t, access, NULL);
  tell_made(t, at, 0, &made);
}

static const struct {
  const char* name;
  void (*make)(struct text*);
} verbs[] = {
    {"event", create_event},
    {"semaphore", create_semaphore},
    {"mutant", create_mutant},
    {"timer", create_timer},
    {"keyed", create_keyed_event},
    {"open_event", open_event},
    {"open_semaphore", open_semaphore},
    {"open_mutant", open_mutant},
    {"open_timer", open_timer},
    {"open_keyed", open_keyed_event},
    {"duplicate", duplicate},
    {"close", close_handle},
    {"set", set},
    {"reset", reset},
    {"pulse", pulse},
    {"clear", clear},
    {"release", release},
    {"release_mutant", release_mutant},
    {"query_event", query_event},
    {"query_semaphore", query_semaphore},
    {"query_mutant", query_mutant},
    {"query_timer", query_timer},
    {"set_timer", set_timer},
    {"cancel", cancel},
    {"wait", wait_single},
    {"wait_many", wait_multiple},
    {"signal_wait", signal_and_wait},
    {"delay", delay},
    {"apc", queue_apc},
    {"test_alert", test_alert},
    {"alert_id", alert_by_id},
    {"wait_alert", wait_for_alert},
    {"keyed_wait", keyed_wait},
    {"keyed_release", keyed_release},
    {"wait_address", wait_on_address},
    {"end_with", end_with},
    {"ended_thread", create_ended_thread},
};

void make_call(struct text* t) {
  size_t length;
  const char* const at = read_word(t, &length);
  for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; ++i) {
    if (!word_is(at, length, verbs[i].name)) continue;
    verbs[i].make(t);
    read_word(t, &length);
    if (length != 0) text_die(t, "more than a call has");
    return;
  }
  text_die(t, "no such call");
}
