/* NT's synchronization calls, by their own names, signatures and values, for C and C++.
 *
 * Opt-in: //sync/nt:ntapi. The names are macros for symbols weir_Nt..., so nothing collides with a system that has
 * them. All objects and handles are this process's own. What each call does is the documents' ("Windows SDK", ntifs.h)
 * and, where these are silent, what Windows does; docs/nt.md has the exceptions.
 *
 * When not to use it: beside <windows.h> or <winternl.h>, whose types have the same names; C++ has weir/sync/nt/nt.h.
 *
 * A pointer that must not be null is answered by STATUS_ACCESS_VIOLATION; any other bad one is the caller's misuse.
 * Thread-safe: all of it. Signal-safe: nothing.
 *
 * Example (tests/sync/nt/api/example.c compiles it)
 *
 *     HANDLE e;
 *     NtCreateEvent(&e, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE);
 *     NtSetEvent(e, NULL);
 *     NtWaitForSingleObject(e, FALSE, NULL);
 *     NtClose(e);
 */
#ifndef WEIR_SYNC_NT_NTAPI_H
#define WEIR_SYNC_NT_NTAPI_H

#include "weir/sync/nt/ntdef.h"

/* NT's own tags. NOLINTBEGIN(bugprone-reserved-identifier) */

#ifdef __cplusplus
extern "C" {
#endif

/* --- Handles ----------------------------------------------------------------------------------------------------- */

typedef enum _OBJECT_INFORMATION_CLASS WEIR_NTAPI_ENUM {
  ObjectBasicInformation = 0,
  ObjectHandleFlagInformation = 4
} OBJECT_INFORMATION_CLASS;

typedef struct _OBJECT_BASIC_INFORMATION {
  ULONG Attributes;
  ACCESS_MASK GrantedAccess;
  ULONG HandleCount; /* of objects with a name, timers and threads; else 1 */
  ULONG PointerCount;
  ULONG Reserved[10];
} OBJECT_BASIC_INFORMATION, *POBJECT_BASIC_INFORMATION;

typedef struct _OBJECT_HANDLE_FLAG_INFORMATION {
  BOOLEAN Inherit;
  BOOLEAN ProtectFromClose;
} OBJECT_HANDLE_FLAG_INFORMATION, *POBJECT_HANDLE_FLAG_INFORMATION;

#define NtClose weir_NtClose
#define NtDuplicateObject weir_NtDuplicateObject
#define NtQueryObject weir_NtQueryObject
#define NtSetInformationObject weir_NtSetInformationObject

NTSTATUS NTAPI NtClose(HANDLE handle);
/* Both processes are NtCurrentProcess(). A null target with DUPLICATE_CLOSE_SOURCE closes. */
NTSTATUS NTAPI NtDuplicateObject(HANDLE source_process, HANDLE source, HANDLE target_process, PHANDLE target,
                                 ACCESS_MASK access, ULONG attributes, ULONG options);
NTSTATUS NTAPI NtQueryObject(HANDLE handle, OBJECT_INFORMATION_CLASS what, PVOID to, ULONG length, PULONG returned);
/* ObjectHandleFlagInformation. */
NTSTATUS NTAPI NtSetInformationObject(HANDLE handle, OBJECT_INFORMATION_CLASS what, PVOID from, ULONG length);

/* --- Events ------------------------------------------------------------------------------------------------------ */

typedef enum _EVENT_TYPE WEIR_NTAPI_ENUM { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum _EVENT_INFORMATION_CLASS WEIR_NTAPI_ENUM { EventBasicInformation } EVENT_INFORMATION_CLASS;
typedef struct _EVENT_BASIC_INFORMATION {
  EVENT_TYPE EventType;
  LONG EventState;
} EVENT_BASIC_INFORMATION, *PEVENT_BASIC_INFORMATION;

#define NtCreateEvent weir_NtCreateEvent
#define NtOpenEvent weir_NtOpenEvent
#define NtSetEvent weir_NtSetEvent
#define NtResetEvent weir_NtResetEvent
#define NtClearEvent weir_NtClearEvent
#define NtPulseEvent weir_NtPulseEvent
#define NtQueryEvent weir_NtQueryEvent

NTSTATUS NTAPI NtCreateEvent(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, EVENT_TYPE what,
                             BOOLEAN signaled);
NTSTATUS NTAPI NtOpenEvent(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes);
/* previous may be null, here and below: the state before. Written on success only. */
NTSTATUS NTAPI NtSetEvent(HANDLE event, PLONG previous);
NTSTATUS NTAPI NtResetEvent(HANDLE event, PLONG previous);
NTSTATUS NTAPI NtClearEvent(HANDLE event);
NTSTATUS NTAPI NtPulseEvent(HANDLE event, PLONG previous);
NTSTATUS NTAPI NtQueryEvent(HANDLE event, EVENT_INFORMATION_CLASS what, PVOID to, ULONG length, PULONG returned);

/* --- Semaphores -------------------------------------------------------------------------------------------------- */

typedef enum _SEMAPHORE_INFORMATION_CLASS WEIR_NTAPI_ENUM { SemaphoreBasicInformation } SEMAPHORE_INFORMATION_CLASS;
typedef struct _SEMAPHORE_BASIC_INFORMATION {
  LONG CurrentCount;
  LONG MaximumCount;
} SEMAPHORE_BASIC_INFORMATION, *PSEMAPHORE_BASIC_INFORMATION;

#define NtCreateSemaphore weir_NtCreateSemaphore
#define NtOpenSemaphore weir_NtOpenSemaphore
#define NtReleaseSemaphore weir_NtReleaseSemaphore
#define NtQuerySemaphore weir_NtQuerySemaphore

NTSTATUS NTAPI NtCreateSemaphore(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, LONG count,
                                 LONG limit);
NTSTATUS NTAPI NtOpenSemaphore(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes);
/* A count of 0 is STATUS_INVALID_PARAMETER, as on Windows (Wine lets it pass); one that is too large, and so each that
 * is negative, STATUS_SEMAPHORE_LIMIT_EXCEEDED. */
NTSTATUS NTAPI NtReleaseSemaphore(HANDLE semaphore, LONG count, PLONG previous);
NTSTATUS NTAPI NtQuerySemaphore(HANDLE semaphore, SEMAPHORE_INFORMATION_CLASS what, PVOID to, ULONG length,
                                PULONG returned);

/* --- Mutants ----------------------------------------------------------------------------------------------------- */

typedef enum _MUTANT_INFORMATION_CLASS WEIR_NTAPI_ENUM { MutantBasicInformation } MUTANT_INFORMATION_CLASS;
typedef struct _MUTANT_BASIC_INFORMATION {
  LONG CurrentCount;
  BOOLEAN OwnedByCaller;
  BOOLEAN AbandonedState;
} MUTANT_BASIC_INFORMATION, *PMUTANT_BASIC_INFORMATION;

#define NtCreateMutant weir_NtCreateMutant
#define NtOpenMutant weir_NtOpenMutant
#define NtReleaseMutant weir_NtReleaseMutant
#define NtQueryMutant weir_NtQueryMutant

NTSTATUS NTAPI NtCreateMutant(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, BOOLEAN owned);
NTSTATUS NTAPI NtOpenMutant(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes);
/* Needs no right. */
NTSTATUS NTAPI NtReleaseMutant(HANDLE mutant, PLONG previous);
NTSTATUS NTAPI NtQueryMutant(HANDLE mutant, MUTANT_INFORMATION_CLASS what, PVOID to, ULONG length, PULONG returned);

/* --- Timers ------------------------------------------------------------------------------------------------------ */

typedef enum _TIMER_TYPE WEIR_NTAPI_ENUM { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum _TIMER_INFORMATION_CLASS WEIR_NTAPI_ENUM { TimerBasicInformation } TIMER_INFORMATION_CLASS;
typedef struct _TIMER_BASIC_INFORMATION {
  LARGE_INTEGER RemainingTime; /* 100 ns; 0 or less: it has expired, or is not set */
  BOOLEAN TimerState;
} TIMER_BASIC_INFORMATION, *PTIMER_BASIC_INFORMATION;
typedef VOID(NTAPI* PTIMER_APC_ROUTINE)(PVOID context, ULONG time_low, LONG time_high);

#define NtCreateTimer weir_NtCreateTimer
#define NtOpenTimer weir_NtOpenTimer
#define NtSetTimer weir_NtSetTimer
#define NtCancelTimer weir_NtCancelTimer
#define NtQueryTimer weir_NtQueryTimer

NTSTATUS NTAPI NtCreateTimer(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, TIMER_TYPE what);
NTSTATUS NTAPI NtOpenTimer(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes);
/* period: milliseconds; 0: once. The APC is the calling thread's. `resume` is ignored: nothing here puts a machine to
 * sleep. */
NTSTATUS NTAPI NtSetTimer(HANDLE timer, const LARGE_INTEGER* due, PTIMER_APC_ROUTINE apc, PVOID context, BOOLEAN resume,
                          LONG period, PBOOLEAN previous);
NTSTATUS NTAPI NtCancelTimer(HANDLE timer, PBOOLEAN state);
NTSTATUS NTAPI NtQueryTimer(HANDLE timer, TIMER_INFORMATION_CLASS what, PVOID to, ULONG length, PULONG returned);

/* --- Keyed events ------------------------------------------------------------------------------------------------ */

#define NtCreateKeyedEvent weir_NtCreateKeyedEvent
#define NtOpenKeyedEvent weir_NtOpenKeyedEvent
#define NtWaitForKeyedEvent weir_NtWaitForKeyedEvent
#define NtReleaseKeyedEvent weir_NtReleaseKeyedEvent

NTSTATUS NTAPI NtCreateKeyedEvent(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, ULONG flags);
NTSTATUS NTAPI NtOpenKeyedEvent(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes);
/* A null handle is the process's own keyed event. An odd key is STATUS_INVALID_PARAMETER_1. */
NTSTATUS NTAPI NtWaitForKeyedEvent(HANDLE event, const void* key, BOOLEAN alertable, const LARGE_INTEGER* timeout);
NTSTATUS NTAPI NtReleaseKeyedEvent(HANDLE event, const void* key, BOOLEAN alertable, const LARGE_INTEGER* timeout);

/* --- Waits ------------------------------------------------------------------------------------------------------- */

typedef enum _WAIT_TYPE WEIR_NTAPI_ENUM { WaitAll, WaitAny } WAIT_TYPE;

#define NtWaitForSingleObject weir_NtWaitForSingleObject
#define NtWaitForMultipleObjects weir_NtWaitForMultipleObjects
#define NtSignalAndWaitForSingleObject weir_NtSignalAndWaitForSingleObject
#define NtDelayExecution weir_NtDelayExecution
#define NtYieldExecution weir_NtYieldExecution

NTSTATUS NTAPI NtWaitForSingleObject(HANDLE object, BOOLEAN alertable, const LARGE_INTEGER* timeout);
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG count, const HANDLE* objects, WAIT_TYPE what, BOOLEAN alertable,
                                        const LARGE_INTEGER* timeout);
/* Signals and then waits: two steps, as NT promises no more. */
NTSTATUS NTAPI NtSignalAndWaitForSingleObject(HANDLE signal, HANDLE object, BOOLEAN alertable,
                                              const LARGE_INTEGER* timeout);
NTSTATUS NTAPI NtDelayExecution(BOOLEAN alertable, const LARGE_INTEGER* timeout);
/* STATUS_SUCCESS: systems do not tell whether another thread has run. */
NTSTATUS NTAPI NtYieldExecution(void);

/* --- Threads, APCs, alerts --------------------------------------------------------------------------------------- */

typedef NTSTATUS(NTAPI* PUSER_THREAD_START_ROUTINE)(PVOID argument);
typedef VOID(NTAPI* PNTAPCFUNC)(ULONG_PTR a, ULONG_PTR b, ULONG_PTR c);

#define PS_ATTRIBUTE_CLIENT_ID 0x00010003u
typedef struct _PS_ATTRIBUTE {
  ULONG_PTR Attribute;
  SIZE_T Size;
  union {
    ULONG_PTR Value;
    PVOID ValuePtr;
  };
  PSIZE_T ReturnLength;
} PS_ATTRIBUTE, *PPS_ATTRIBUTE;
typedef struct _PS_ATTRIBUTE_LIST {
  SIZE_T TotalLength; /* of the list, in bytes */
  PS_ATTRIBUTE Attributes[1];
} PS_ATTRIBUTE_LIST, *PPS_ATTRIBUTE_LIST;

typedef enum _THREADINFOCLASS WEIR_NTAPI_ENUM { ThreadBasicInformation } THREADINFOCLASS;
typedef struct _THREAD_BASIC_INFORMATION {
  NTSTATUS ExitStatus;  /* STATUS_PENDING: it runs */
  PVOID TebBaseAddress; /* null */
  CLIENT_ID ClientId;
  KAFFINITY AffinityMask;
  KPRIORITY Priority;
  KPRIORITY BasePriority;
} THREAD_BASIC_INFORMATION, *PTHREAD_BASIC_INFORMATION;

#define NtCreateThreadEx weir_NtCreateThreadEx
#define NtQueryInformationThread weir_NtQueryInformationThread
#define NtCurrentThreadId weir_NtCurrentThreadId
#define NtCurrentProcessId weir_NtCurrentProcessId
#define NtQueueApcThread weir_NtQueueApcThread
#define NtTestAlert weir_NtTestAlert
#define NtAlertThread weir_NtAlertThread
#define NtAlertThreadByThreadId weir_NtAlertThreadByThreadId
#define NtWaitForAlertByThreadId weir_NtWaitForAlertByThreadId

/* flags, zero_bits: 0, else STATUS_NOT_SUPPORTED. stack_size: 0 is the system's own; the larger of the two counts. Of
 * attribute lists PS_ATTRIBUTE_CLIENT_ID is filled in, and no other is known. */
NTSTATUS NTAPI NtCreateThreadEx(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, HANDLE process,
                                PUSER_THREAD_START_ROUTINE start, PVOID argument, ULONG flags, SIZE_T zero_bits,
                                SIZE_T stack_size, SIZE_T maximum_stack_size, PPS_ATTRIBUTE_LIST list);
NTSTATUS NTAPI NtQueryInformationThread(HANDLE thread, THREADINFOCLASS what, PVOID to, ULONG length, PULONG returned);
/* Weir's own names, where NT has the thread's environment block. Null: out of memory. */
HANDLE NTAPI NtCurrentThreadId(void);
HANDLE NTAPI NtCurrentProcessId(void);
NTSTATUS NTAPI NtQueueApcThread(HANDLE thread, PNTAPCFUNC routine, PVOID a, PVOID b, PVOID c);
NTSTATUS NTAPI NtTestAlert(void);
NTSTATUS NTAPI NtAlertThread(HANDLE thread);
NTSTATUS NTAPI NtAlertThreadByThreadId(HANDLE thread_id);
NTSTATUS NTAPI NtWaitForAlertByThreadId(const void* address, const LARGE_INTEGER* timeout);

/* --- Runtime library --------------------------------------------------------------------------------------------- */

#define NtQuerySystemTime weir_NtQuerySystemTime
#define RtlInitUnicodeString weir_RtlInitUnicodeString
#define RtlWaitOnAddress weir_RtlWaitOnAddress
#define RtlWakeAddressSingle weir_RtlWakeAddressSingle
#define RtlWakeAddressAll weir_RtlWakeAddressAll

/* 100 ns since 1601-01-01 UTC. */
NTSTATUS NTAPI NtQuerySystemTime(PLARGE_INTEGER time);
/* A null text is an empty string; one that is too long is cut off. */
VOID NTAPI RtlInitUnicodeString(PUNICODE_STRING to, PCWSTR text);
NTSTATUS NTAPI RtlWaitOnAddress(const void* address, const void* compare, SIZE_T size, const LARGE_INTEGER* timeout);
VOID NTAPI RtlWakeAddressSingle(const void* address);
VOID NTAPI RtlWakeAddressAll(const void* address);

#ifdef __cplusplus
}
#endif

/* NOLINTEND(bugprone-reserved-identifier) */

#endif
