/* NT's calls for a program in C that is compiled for Weir and, with TEST_OF_THE_SYSTEMS_NTDLL, for the system's own
 * ntdll, on Windows or Wine. */
#ifndef TESTS_SYNC_NT_API_NTDLL_H
#define TESTS_SYNC_NT_API_NTDLL_H

#if defined(TEST_OF_THE_SYSTEMS_NTDLL)
// All statuses by the second header: the first one has some of them, as unsigned numbers.
#define WIN32_NO_STATUS
#include <windows.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>
#include <winternl.h>
// Of these the compilers' headers know nothing, or what they name otherwise.
typedef enum { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum { WaitAll, WaitAny } WAIT_TYPE;
typedef struct {
  EVENT_TYPE EventType;
  LONG EventState;
} EVENT_BASIC_INFORMATION;
typedef struct {
  LONG CurrentCount, MaximumCount;
} SEMAPHORE_BASIC_INFORMATION;
typedef struct {
  LONG CurrentCount;
  BOOLEAN OwnedByCaller, AbandonedState;
} MUTANT_BASIC_INFORMATION;
typedef struct {
  LARGE_INTEGER RemainingTime;
  BOOLEAN TimerState;
} TIMER_BASIC_INFORMATION;
typedef int EVENT_INFORMATION_CLASS, SEMAPHORE_INFORMATION_CLASS, MUTANT_INFORMATION_CLASS, TIMER_INFORMATION_CLASS;
enum { EventBasicInformation, SemaphoreBasicInformation = 0, MutantBasicInformation = 0, TimerBasicInformation = 0 };
#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define NtCurrentThread() ((HANDLE)(LONG_PTR)-2)
#define KEYEDEVENT_ALL_ACCESS 0x000F0003
NTSTATUS NTAPI NtCreateEvent(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*, EVENT_TYPE, BOOLEAN);
NTSTATUS NTAPI NtOpenEvent(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*);
NTSTATUS NTAPI NtOpenKeyedEvent(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*);
NTSTATUS NTAPI NtOpenMutant(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*);
NTSTATUS NTAPI NtOpenSemaphore(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*);
NTSTATUS NTAPI NtOpenTimer(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*);
NTSTATUS NTAPI NtSetEvent(HANDLE, PLONG);
NTSTATUS NTAPI NtResetEvent(HANDLE, PLONG);
NTSTATUS NTAPI NtClearEvent(HANDLE);
NTSTATUS NTAPI NtPulseEvent(HANDLE, PLONG);
NTSTATUS NTAPI NtQueryEvent(HANDLE, int, PVOID, ULONG, PULONG);
NTSTATUS NTAPI NtCreateSemaphore(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*, LONG, LONG);
NTSTATUS NTAPI NtReleaseSemaphore(HANDLE, LONG, PLONG);
NTSTATUS NTAPI NtQuerySemaphore(HANDLE, int, PVOID, ULONG, PULONG);
NTSTATUS NTAPI NtCreateMutant(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*, BOOLEAN);
NTSTATUS NTAPI NtReleaseMutant(HANDLE, PLONG);
NTSTATUS NTAPI NtQueryMutant(HANDLE, int, PVOID, ULONG, PULONG);
NTSTATUS NTAPI NtCreateTimer(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*, TIMER_TYPE);
typedef VOID(NTAPI* PTIMER_APC_ROUTINE)(PVOID, ULONG, LONG);
NTSTATUS NTAPI NtSetTimer(HANDLE, const LARGE_INTEGER*, PTIMER_APC_ROUTINE, PVOID, BOOLEAN, LONG, PBOOLEAN);
NTSTATUS NTAPI NtCancelTimer(HANDLE, PBOOLEAN);
NTSTATUS NTAPI NtQueryTimer(HANDLE, int, PVOID, ULONG, PULONG);
NTSTATUS NTAPI NtCreateKeyedEvent(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*, ULONG);
NTSTATUS NTAPI NtWaitForKeyedEvent(HANDLE, const void*, BOOLEAN, const LARGE_INTEGER*);
NTSTATUS NTAPI NtReleaseKeyedEvent(HANDLE, const void*, BOOLEAN, const LARGE_INTEGER*);
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG, const HANDLE*, WAIT_TYPE, BOOLEAN, const LARGE_INTEGER*);
NTSTATUS NTAPI NtSignalAndWaitForSingleObject(HANDLE, HANDLE, BOOLEAN, const LARGE_INTEGER*);
NTSTATUS NTAPI NtDelayExecution(BOOLEAN, const LARGE_INTEGER*);
NTSTATUS NTAPI NtDuplicateObject(HANDLE, HANDLE, HANDLE, PHANDLE, ACCESS_MASK, ULONG, ULONG);
typedef void(NTAPI* PNTAPCFUNC)(ULONG_PTR, ULONG_PTR, ULONG_PTR);
NTSTATUS NTAPI NtQueueApcThread(HANDLE, PNTAPCFUNC, PVOID, PVOID, PVOID);
NTSTATUS NTAPI NtTestAlert(void);
NTSTATUS NTAPI NtAlertThreadByThreadId(HANDLE);
NTSTATUS NTAPI NtWaitForAlertByThreadId(const void*, const LARGE_INTEGER*);
#define NtCurrentThreadId() ((HANDLE)(ULONG_PTR)GetCurrentThreadId())
typedef NTSTATUS(NTAPI* PUSER_THREAD_START_ROUTINE)(PVOID);
NTSTATUS NTAPI NtCreateThreadEx(PHANDLE, ACCESS_MASK, const OBJECT_ATTRIBUTES*, HANDLE, PUSER_THREAD_START_ROUTINE,
                                PVOID, ULONG, SIZE_T, SIZE_T, SIZE_T, PVOID);
NTSTATUS NTAPI NtCompareObjects(HANDLE, HANDLE);
NTSTATUS NTAPI NtYieldExecution(void);
NTSTATUS NTAPI RtlWaitOnAddress(const void*, const void*, SIZE_T, const LARGE_INTEGER*);
VOID NTAPI RtlWakeAddressSingle(const void*);
#else
#include "weir/sync/nt/ntapi.h"
#endif

#endif
