// A program in the style of those that are written against ntdll: C, each call checked for its status. The same source
// runs on Weir and, under Wine or on Windows, on the system's own ntdll: what both answer is exact.
#include "tests/rcu/urcu/check.h"

#include "tests/sync/nt/api/ntdll.h"

// ASCII in 16 bits, whatever the compiler's own wide characters are.
static PWSTR wide(const char* text) {
  static WCHAR to[64];
  size_t i = 0;
  do {
    to[i] = (WCHAR)text[i];
  } while (text[i++] != 0);
  return to;
}

static const LARGE_INTEGER now = {{0, 0}};

static NTSTATUS poll_it(HANDLE h) { return NtWaitForSingleObject(h, FALSE, (LARGE_INTEGER*)&now); }

static void events(void) {
  HANDLE event;
  LONG state = 0xdeadbee;
  EVENT_BASIC_INFORMATION info;
  ULONG length = 0;
  CHECK(NtCreateEvent(&event, GENERIC_ALL, NULL, (EVENT_TYPE)2, 0) == STATUS_INVALID_PARAMETER);
  CHECK(NtCreateEvent(&event, GENERIC_ALL, NULL, NotificationEvent, 0) == STATUS_SUCCESS);
  CHECK(NtSetEvent(event, &state) == STATUS_SUCCESS && state == 0);
  CHECK(NtSetEvent(event, &state) == STATUS_SUCCESS && state == 1);
  CHECK(NtPulseEvent(event, &state) == STATUS_SUCCESS && state == 1);
  CHECK(NtResetEvent(event, &state) == STATUS_SUCCESS && state == 0);
  CHECK(poll_it(event) == STATUS_TIMEOUT);
  CHECK(NtQueryEvent(event, EventBasicInformation, &info, sizeof info, &length) == STATUS_SUCCESS);
  CHECK(info.EventType == NotificationEvent && info.EventState == 0 && length == sizeof info);
  CHECK(NtQueryEvent(event, EventBasicInformation, &info, 4, NULL) == STATUS_INFO_LENGTH_MISMATCH);
  CHECK(NtQueryEvent(event, 1, &info, sizeof info, NULL) == STATUS_INVALID_INFO_CLASS);
  CHECK(NtReleaseMutant(event, NULL) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtClose(event) == STATUS_SUCCESS);
  CHECK(NtSetEvent(event, NULL) == STATUS_INVALID_HANDLE);
}

static void semaphores(void) {
  HANDLE s;
  LONG previous = 0xdeadbee;
  SEMAPHORE_BASIC_INFORMATION info;
  CHECK(NtCreateSemaphore(&s, GENERIC_ALL, NULL, 2, 1) == STATUS_INVALID_PARAMETER);
  CHECK(NtCreateSemaphore(&s, GENERIC_ALL, NULL, 1, 0) == STATUS_INVALID_PARAMETER);
  CHECK(NtCreateSemaphore(&s, GENERIC_ALL, NULL, 1, 3) == STATUS_SUCCESS);
  CHECK(poll_it(s) == STATUS_SUCCESS);
  CHECK(poll_it(s) == STATUS_TIMEOUT);
  CHECK(NtReleaseSemaphore(s, 4, &previous) == STATUS_SEMAPHORE_LIMIT_EXCEEDED && previous == 0xdeadbee);
  CHECK(NtReleaseSemaphore(s, 3, &previous) == STATUS_SUCCESS && previous == 0);
  CHECK(NtQuerySemaphore(s, SemaphoreBasicInformation, &info, sizeof info, NULL) == STATUS_SUCCESS);
  CHECK(info.CurrentCount == 3 && info.MaximumCount == 3);
  CHECK(NtSetEvent(s, NULL) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtClose(s) == STATUS_SUCCESS);
}

static HANDLE the_mutant;

static NTSTATUS NTAPI ends_with_it(PVOID unused) {
  MUTANT_BASIC_INFORMATION info;
  (void)unused;
  CHECK(NtReleaseMutant(the_mutant, NULL) == STATUS_MUTANT_NOT_OWNED);
  CHECK(NtWaitForSingleObject(the_mutant, FALSE, NULL) == STATUS_SUCCESS);
  CHECK(NtQueryMutant(the_mutant, MutantBasicInformation, &info, sizeof info, NULL) == STATUS_SUCCESS);
  CHECK(info.CurrentCount == 0 && info.OwnedByCaller && !info.AbandonedState);
  return STATUS_SUCCESS;
}

static void mutants(void) {
  HANDLE thread;
  LONG previous = 0xdeadbee;
  MUTANT_BASIC_INFORMATION info;
  CHECK(NtCreateMutant(&the_mutant, GENERIC_ALL, NULL, TRUE) == STATUS_SUCCESS);
  CHECK(poll_it(the_mutant) == STATUS_SUCCESS);
  CHECK(NtReleaseMutant(the_mutant, &previous) == STATUS_SUCCESS && previous == -1);
  CHECK(NtReleaseMutant(the_mutant, &previous) == STATUS_SUCCESS && previous == 0);
  CHECK(NtCreateThreadEx(&thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), ends_with_it, NULL, 0, 0, 0, 0, NULL) ==
        STATUS_SUCCESS);
  CHECK(NtWaitForSingleObject(thread, FALSE, NULL) == STATUS_SUCCESS);
  CHECK(NtClose(thread) == STATUS_SUCCESS);
  CHECK(NtQueryMutant(the_mutant, MutantBasicInformation, &info, sizeof info, NULL) == STATUS_SUCCESS);
  CHECK(info.CurrentCount == 1 && !info.OwnedByCaller && info.AbandonedState);
  CHECK(poll_it(the_mutant) == STATUS_ABANDONED);
  CHECK(poll_it(the_mutant) == STATUS_SUCCESS);
  CHECK(NtClose(the_mutant) == STATUS_SUCCESS);
}

static void names(void) {
  UNICODE_STRING name;
  OBJECT_ATTRIBUTES attributes;
  HANDLE first, second;
  RtlInitUnicodeString(&name, wide("\\BaseNamedObjects\\weir ntdll style"));
  InitializeObjectAttributes(&attributes, &name, 0, NULL, NULL);
  CHECK(NtOpenEvent(&second, GENERIC_ALL, &attributes) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(NtCreateEvent(&first, GENERIC_ALL, &attributes, NotificationEvent, 1) == STATUS_SUCCESS);
  CHECK(NtCreateEvent(&second, GENERIC_ALL, &attributes, NotificationEvent, 0) == STATUS_OBJECT_NAME_COLLISION);
  attributes.Attributes = OBJ_OPENIF;
  CHECK(NtCreateMutant(&second, GENERIC_ALL, &attributes, 0) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtCreateEvent(&second, SYNCHRONIZE, &attributes, NotificationEvent, 0) == STATUS_OBJECT_NAME_EXISTS);
  CHECK(poll_it(second) == STATUS_SUCCESS);
  CHECK(NtSetEvent(second, NULL) == STATUS_ACCESS_DENIED);
  CHECK(NtClose(first) == STATUS_SUCCESS);
  CHECK(NtOpenEvent(&first, GENERIC_ALL, &attributes) == STATUS_SUCCESS);
  CHECK(NtClose(first) == STATUS_SUCCESS);
  CHECK(NtClose(second) == STATUS_SUCCESS);
  CHECK(NtOpenEvent(&second, GENERIC_ALL, &attributes) == STATUS_OBJECT_NAME_NOT_FOUND);
}

static void waits(void) {
  HANDLE h[3], same;
  LONG state;
  for (int i = 0; i < 3; ++i)
    CHECK(NtCreateEvent(&h[i], GENERIC_ALL, NULL, SynchronizationEvent, i != 0) == STATUS_SUCCESS);
  CHECK(NtWaitForMultipleObjects(0, h, WaitAny, FALSE, &now) == STATUS_INVALID_PARAMETER_1);
  CHECK(NtWaitForMultipleObjects(65, h, WaitAny, FALSE, &now) == STATUS_INVALID_PARAMETER_1);
  CHECK(NtWaitForMultipleObjects(3, h, WaitAll, FALSE, &now) == STATUS_TIMEOUT);
  CHECK(NtWaitForMultipleObjects(3, h, WaitAny, FALSE, &now) == 1);
  CHECK(NtWaitForMultipleObjects(3, h, WaitAny, FALSE, &now) == 2);
  for (int i = 0; i < 3; ++i) CHECK(NtSetEvent(h[i], &state) == STATUS_SUCCESS && state == 0);
  CHECK(NtWaitForMultipleObjects(3, h, WaitAll, FALSE, &now) == STATUS_SUCCESS);
  CHECK(NtWaitForMultipleObjects(3, h, WaitAny, FALSE, &now) == STATUS_TIMEOUT);
  CHECK(NtSignalAndWaitForSingleObject(h[0], h[0], FALSE, NULL) == STATUS_SUCCESS);
  CHECK(NtDuplicateObject(NtCurrentProcess(), h[0], NtCurrentProcess(), &same, SYNCHRONIZE, 0, 0) == STATUS_SUCCESS);
  CHECK(NtSetEvent(same, NULL) == STATUS_ACCESS_DENIED);
  CHECK(NtSetEvent(h[0], NULL) == STATUS_SUCCESS);
  CHECK(poll_it(same) == STATUS_SUCCESS);
  CHECK(NtClose(same) == STATUS_SUCCESS);
  for (int i = 0; i < 3; ++i) CHECK(NtClose(h[i]) == STATUS_SUCCESS);
}

static ULONG_PTR ran;
static void NTAPI apc(ULONG_PTR a, ULONG_PTR b, ULONG_PTR c) { ran = ran * 1000 + a + b + c; }

static void apcs(void) {
  HANDLE event;
  CHECK(NtTestAlert() == STATUS_SUCCESS);
  CHECK(NtCreateEvent(&event, GENERIC_ALL, NULL, SynchronizationEvent, 1) == STATUS_SUCCESS);
  CHECK(NtQueueApcThread(NtCurrentThread(), apc, (PVOID)1, (PVOID)20, (PVOID)300) == STATUS_SUCCESS);
  CHECK(NtQueueApcThread(NtCurrentThread(), apc, (PVOID)2, (PVOID)30, (PVOID)400) == STATUS_SUCCESS);
  CHECK(NtWaitForSingleObject(event, TRUE, NULL) == STATUS_SUCCESS && ran == 0);
  CHECK(NtWaitForSingleObject(event, FALSE, (LARGE_INTEGER*)&now) == STATUS_TIMEOUT && ran == 0);
  CHECK(NtWaitForSingleObject(event, TRUE, NULL) == STATUS_USER_APC && ran == 321432);
  CHECK(NtWaitForSingleObject(event, TRUE, (LARGE_INTEGER*)&now) == STATUS_TIMEOUT);
  CHECK(NtClose(event) == STATUS_SUCCESS);
}

static void timers(void) {
  HANDLE timer;
  LARGE_INTEGER due;
  BOOLEAN state = 77;
  CHECK(NtCreateTimer(&timer, TIMER_ALL_ACCESS, NULL, SynchronizationTimer) == STATUS_SUCCESS);
  due.QuadPart = -20000;
  CHECK(NtSetTimer(timer, &due, NULL, NULL, FALSE, 0, &state) == STATUS_SUCCESS && state == 0);
  CHECK(NtWaitForSingleObject(timer, FALSE, NULL) == STATUS_SUCCESS);
  CHECK(poll_it(timer) == STATUS_TIMEOUT);
  CHECK(NtCancelTimer(timer, &state) == STATUS_SUCCESS && state == 0);
  CHECK(NtClose(timer) == STATUS_SUCCESS);
}

static HANDLE the_keyed_event;
static ULONG_PTR the_key;

static NTSTATUS NTAPI waits_at_the_key(PVOID unused) {
  (void)unused;
  CHECK(NtWaitForKeyedEvent(the_keyed_event, &the_key, FALSE, NULL) == STATUS_SUCCESS);
  return STATUS_SUCCESS;
}

static void keyed_events(void) {
  HANDLE thread;
  CHECK(NtCreateKeyedEvent(&the_keyed_event, KEYEDEVENT_ALL_ACCESS, NULL, 0) == STATUS_SUCCESS);
  CHECK(NtWaitForKeyedEvent(the_keyed_event, (char*)&the_key + 1, FALSE, &now) == STATUS_INVALID_PARAMETER_1);
  CHECK(NtWaitForKeyedEvent(the_keyed_event, &the_key, FALSE, &now) == STATUS_TIMEOUT);
  CHECK(NtReleaseKeyedEvent(the_keyed_event, &the_key, FALSE, &now) == STATUS_TIMEOUT);
  CHECK(NtCreateThreadEx(&thread, THREAD_ALL_ACCESS, NULL, NtCurrentProcess(), waits_at_the_key, NULL, 0, 0, 0, 0,
                         NULL) == STATUS_SUCCESS);
  CHECK(NtReleaseKeyedEvent(the_keyed_event, &the_key, FALSE, NULL) == STATUS_SUCCESS);
  CHECK(NtWaitForSingleObject(thread, FALSE, NULL) == STATUS_SUCCESS);
  CHECK(NtClose(thread) == STATUS_SUCCESS);
  CHECK(NtClose(the_keyed_event) == STATUS_SUCCESS);
}

int main(void) {
  RUN(events);
  RUN(semaphores);
  RUN(mutants);
  RUN(names);
  RUN(waits);
  RUN(apcs);
  RUN(timers);
  RUN(keyed_events);
  return finish();
}
