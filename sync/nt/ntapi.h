/* NT's synchronization calls, by their own names, signatures and values, for C and C++.
 *
 * Opt-in: //sync/nt:ntapi. The names are macros for symbols weir_Nt..., so nothing collides with a system that has them.
 * All objects and handles are this process's own. What each call does is the documents' ("Windows SDK", ntifs.h) and,
 * where these are silent, what Windows does; docs/nt.md has the exceptions.
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

#if defined(_WINDOWS_) || defined(_WINTERNL_) || defined(_WINNT_) || defined(_NTDEF_) || defined(__WINE_WINTERNL_H)
#error "weir/sync/nt/ntapi.h has the same names as windows.h and winternl.h: one or the other"
#endif

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- Types ------------------------------------------------------------------------------------------------------- */

#define NTAPI
#define VOID void

typedef void *PVOID;
typedef void *HANDLE;
typedef HANDLE *PHANDLE;
typedef uint8_t UCHAR;
typedef uint8_t BOOLEAN;
typedef BOOLEAN *PBOOLEAN;
typedef int16_t SHORT;
typedef uint16_t USHORT;
typedef int32_t LONG;
typedef LONG *PLONG;
typedef uint32_t ULONG;
typedef ULONG *PULONG;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef uintptr_t ULONG_PTR;
typedef intptr_t LONG_PTR;
typedef size_t SIZE_T;
typedef SIZE_T *PSIZE_T;
typedef ULONG ACCESS_MASK;
typedef LONG NTSTATUS;
typedef ULONG_PTR KAFFINITY;
typedef LONG KPRIORITY;

/* 16 bits: wchar_t where it has 16 (Windows, -fshort-wchar), so that L"..." is one; else char16_t, for u"...". */
#if defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#elif defined(__cplusplus)
typedef char16_t WCHAR;
#else
typedef __CHAR16_TYPE__ WCHAR;
#endif
typedef WCHAR *PWSTR;
typedef const WCHAR *PCWSTR;

typedef union _LARGE_INTEGER {
  struct {
    ULONG LowPart;
    LONG HighPart;
  } u;
  LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

/* Lengths in bytes. */
typedef struct _UNICODE_STRING {
  USHORT Length;
  USHORT MaximumLength;
  PWSTR Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _OBJECT_ATTRIBUTES {
  ULONG Length;
  HANDLE RootDirectory;
  PUNICODE_STRING ObjectName;
  ULONG Attributes;
  PVOID SecurityDescriptor;
  PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;
typedef const OBJECT_ATTRIBUTES *PCOBJECT_ATTRIBUTES;

typedef struct _CLIENT_ID {
  HANDLE UniqueProcess;
  HANDLE UniqueThread;
} CLIENT_ID, *PCLIENT_ID;

#ifndef TRUE
#define TRUE 1
#define FALSE 0
#endif

/* --- Statuses ---------------------------------------------------------------------------------------------------- */

#define NT_SUCCESS(status) ((NTSTATUS)(status) >= 0)

#define STATUS_SUCCESS ((NTSTATUS)0x00000000)
#define STATUS_WAIT_0 ((NTSTATUS)0x00000000)
#define STATUS_WAIT_1 ((NTSTATUS)0x00000001)
#define STATUS_WAIT_2 ((NTSTATUS)0x00000002)
#define STATUS_WAIT_3 ((NTSTATUS)0x00000003)
#define STATUS_WAIT_63 ((NTSTATUS)0x0000003F)
#define STATUS_ABANDONED ((NTSTATUS)0x00000080)
#define STATUS_ABANDONED_WAIT_0 ((NTSTATUS)0x00000080)
#define STATUS_ABANDONED_WAIT_63 ((NTSTATUS)0x000000BF)
#define STATUS_USER_APC ((NTSTATUS)0x000000C0)
#define STATUS_ALERTED ((NTSTATUS)0x00000101)
#define STATUS_TIMEOUT ((NTSTATUS)0x00000102)
#define STATUS_PENDING ((NTSTATUS)0x00000103)
#define STATUS_OBJECT_NAME_EXISTS ((NTSTATUS)0x40000000)
#define STATUS_NO_YIELD_PERFORMED ((NTSTATUS)0x40000024)
#define STATUS_UNSUCCESSFUL ((NTSTATUS)0xC0000001)
#define STATUS_INVALID_INFO_CLASS ((NTSTATUS)0xC0000003)
#define STATUS_INFO_LENGTH_MISMATCH ((NTSTATUS)0xC0000004)
#define STATUS_ACCESS_VIOLATION ((NTSTATUS)0xC0000005)
#define STATUS_INVALID_HANDLE ((NTSTATUS)0xC0000008)
#define STATUS_INVALID_CID ((NTSTATUS)0xC000000B)
#define STATUS_INVALID_PARAMETER ((NTSTATUS)0xC000000D)
#define STATUS_NO_MEMORY ((NTSTATUS)0xC0000017)
#define STATUS_ACCESS_DENIED ((NTSTATUS)0xC0000022)
#define STATUS_OBJECT_TYPE_MISMATCH ((NTSTATUS)0xC0000024)
#define STATUS_INVALID_PARAMETER_MIX ((NTSTATUS)0xC0000030)
#define STATUS_OBJECT_NAME_INVALID ((NTSTATUS)0xC0000033)
#define STATUS_OBJECT_NAME_NOT_FOUND ((NTSTATUS)0xC0000034)
#define STATUS_OBJECT_NAME_COLLISION ((NTSTATUS)0xC0000035)
#define STATUS_OBJECT_PATH_NOT_FOUND ((NTSTATUS)0xC000003A)
#define STATUS_OBJECT_PATH_SYNTAX_BAD ((NTSTATUS)0xC000003B)
#define STATUS_MUTANT_NOT_OWNED ((NTSTATUS)0xC0000046)
#define STATUS_SEMAPHORE_LIMIT_EXCEEDED ((NTSTATUS)0xC0000047)
#define STATUS_INSUFFICIENT_RESOURCES ((NTSTATUS)0xC000009A)
#define STATUS_NOT_SUPPORTED ((NTSTATUS)0xC00000BB)
#define STATUS_INVALID_PARAMETER_1 ((NTSTATUS)0xC00000EF)
#define STATUS_INVALID_PARAMETER_2 ((NTSTATUS)0xC00000F0)
#define STATUS_INVALID_PARAMETER_3 ((NTSTATUS)0xC00000F1)
#define STATUS_INVALID_PARAMETER_6 ((NTSTATUS)0xC00000F4)
#define STATUS_MUTANT_LIMIT_EXCEEDED ((NTSTATUS)0xC0000191)
#define STATUS_HANDLE_NOT_CLOSABLE ((NTSTATUS)0xC0000235)

/* --- Rights, attributes, limits ---------------------------------------------------------------------------------- */

#define DELETE_ACCESS 0x00010000u /* NT's DELETE, a keyword's neighbour in C++ code */
#define READ_CONTROL 0x00020000u
#define WRITE_DAC 0x00040000u
#define WRITE_OWNER 0x00080000u
#define SYNCHRONIZE 0x00100000u
#define STANDARD_RIGHTS_REQUIRED 0x000F0000u
#define STANDARD_RIGHTS_ALL 0x001F0000u
#define MAXIMUM_ALLOWED 0x02000000u
#define GENERIC_ALL 0x10000000u
#define GENERIC_EXECUTE 0x20000000u
#define GENERIC_WRITE 0x40000000u
#define GENERIC_READ 0x80000000u

#define EVENT_QUERY_STATE 0x0001u
#define EVENT_MODIFY_STATE 0x0002u
#define EVENT_ALL_ACCESS 0x001F0003u
#define SEMAPHORE_QUERY_STATE 0x0001u
#define SEMAPHORE_MODIFY_STATE 0x0002u
#define SEMAPHORE_ALL_ACCESS 0x001F0003u
#define MUTANT_QUERY_STATE 0x0001u
#define MUTANT_ALL_ACCESS 0x001F0001u
#define TIMER_QUERY_STATE 0x0001u
#define TIMER_MODIFY_STATE 0x0002u
#define TIMER_ALL_ACCESS 0x001F0003u
#define KEYEDEVENT_WAIT 0x0001u
#define KEYEDEVENT_WAKE 0x0002u
#define KEYEDEVENT_ALL_ACCESS 0x000F0003u
#define THREAD_ALERT 0x0004u
#define THREAD_SET_CONTEXT 0x0010u
#define THREAD_QUERY_INFORMATION 0x0040u
#define THREAD_QUERY_LIMITED_INFORMATION 0x0800u
#define THREAD_ALL_ACCESS 0x001FFFFFu
#define PROCESS_ALL_ACCESS 0x001FFFFFu

#define OBJ_INHERIT 0x00000002u
#define OBJ_PERMANENT 0x00000010u
#define OBJ_EXCLUSIVE 0x00000020u
#define OBJ_CASE_INSENSITIVE 0x00000040u
#define OBJ_OPENIF 0x00000080u
#define OBJ_OPENLINK 0x00000100u
#define OBJ_VALID_ATTRIBUTES 0x00001FF2u

#define DUPLICATE_CLOSE_SOURCE 0x00000001u
#define DUPLICATE_SAME_ACCESS 0x00000002u
#define DUPLICATE_SAME_ATTRIBUTES 0x00000004u

#define MAXIMUM_WAIT_OBJECTS 64

#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define NtCurrentThread() ((HANDLE)(LONG_PTR)-2)

#define InitializeObjectAttributes(p, n, a, r, s) \
  do {                                            \
    (p)->Length = sizeof(OBJECT_ATTRIBUTES);      \
    (p)->RootDirectory = (r);                     \
    (p)->Attributes = (a);                        \
    (p)->ObjectName = (n);                        \
    (p)->SecurityDescriptor = (s);                \
    (p)->SecurityQualityOfService = NULL;         \
  } while (0)

/* --- Handles ----------------------------------------------------------------------------------------------------- */

typedef enum _OBJECT_INFORMATION_CLASS {
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

typedef enum _EVENT_TYPE { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum _EVENT_INFORMATION_CLASS { EventBasicInformation } EVENT_INFORMATION_CLASS;
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

typedef enum _SEMAPHORE_INFORMATION_CLASS { SemaphoreBasicInformation } SEMAPHORE_INFORMATION_CLASS;
typedef struct _SEMAPHORE_BASIC_INFORMATION {
  ULONG CurrentCount;
  ULONG MaximumCount;
} SEMAPHORE_BASIC_INFORMATION, *PSEMAPHORE_BASIC_INFORMATION;

#define NtCreateSemaphore weir_NtCreateSemaphore
#define NtOpenSemaphore weir_NtOpenSemaphore
#define NtReleaseSemaphore weir_NtReleaseSemaphore
#define NtQuerySemaphore weir_NtQuerySemaphore

NTSTATUS NTAPI NtCreateSemaphore(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, LONG count,
                                 LONG limit);
NTSTATUS NTAPI NtOpenSemaphore(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes);
/* A count of 0 is STATUS_INVALID_PARAMETER, as on Windows (Wine lets it pass); one that is too large, and so each that is
 * negative, STATUS_SEMAPHORE_LIMIT_EXCEEDED. */
NTSTATUS NTAPI NtReleaseSemaphore(HANDLE semaphore, ULONG count, PULONG previous);
NTSTATUS NTAPI NtQuerySemaphore(HANDLE semaphore, SEMAPHORE_INFORMATION_CLASS what, PVOID to, ULONG length,
                                PULONG returned);

/* --- Mutants ----------------------------------------------------------------------------------------------------- */

typedef enum _MUTANT_INFORMATION_CLASS { MutantBasicInformation } MUTANT_INFORMATION_CLASS;
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

typedef enum _TIMER_TYPE { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum _TIMER_INFORMATION_CLASS { TimerBasicInformation } TIMER_INFORMATION_CLASS;
typedef struct _TIMER_BASIC_INFORMATION {
  LARGE_INTEGER RemainingTime; /* 100 ns; 0 or less: it has expired, or is not set */
  BOOLEAN TimerState;
} TIMER_BASIC_INFORMATION, *PTIMER_BASIC_INFORMATION;
typedef VOID(NTAPI *PTIMER_APC_ROUTINE)(PVOID context, ULONG time_low, LONG time_high);

#define NtCreateTimer weir_NtCreateTimer
#define NtOpenTimer weir_NtOpenTimer
#define NtSetTimer weir_NtSetTimer
#define NtCancelTimer weir_NtCancelTimer
#define NtQueryTimer weir_NtQueryTimer

NTSTATUS NTAPI NtCreateTimer(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes, TIMER_TYPE what);
NTSTATUS NTAPI NtOpenTimer(PHANDLE made, ACCESS_MASK access, PCOBJECT_ATTRIBUTES attributes);
/* period: milliseconds; 0: once. The APC is the calling thread's. `resume` is ignored: nothing here puts a machine to
 * sleep. */
NTSTATUS NTAPI NtSetTimer(HANDLE timer, const LARGE_INTEGER *due, PTIMER_APC_ROUTINE apc, PVOID context, BOOLEAN resume,
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
NTSTATUS NTAPI NtWaitForKeyedEvent(HANDLE event, const void *key, BOOLEAN alertable, const LARGE_INTEGER *timeout);
NTSTATUS NTAPI NtReleaseKeyedEvent(HANDLE event, const void *key, BOOLEAN alertable, const LARGE_INTEGER *timeout);

/* --- Waits ------------------------------------------------------------------------------------------------------- */

typedef enum _WAIT_TYPE { WaitAll, WaitAny } WAIT_TYPE;

#define NtWaitForSingleObject weir_NtWaitForSingleObject
#define NtWaitForMultipleObjects weir_NtWaitForMultipleObjects
#define NtSignalAndWaitForSingleObject weir_NtSignalAndWaitForSingleObject
#define NtDelayExecution weir_NtDelayExecution
#define NtYieldExecution weir_NtYieldExecution

NTSTATUS NTAPI NtWaitForSingleObject(HANDLE object, BOOLEAN alertable, const LARGE_INTEGER *timeout);
NTSTATUS NTAPI NtWaitForMultipleObjects(ULONG count, const HANDLE *objects, WAIT_TYPE what, BOOLEAN alertable,
                                        const LARGE_INTEGER *timeout);
/* Signals and then waits: two steps, as NT promises no more. */
NTSTATUS NTAPI NtSignalAndWaitForSingleObject(HANDLE signal, HANDLE object, BOOLEAN alertable,
                                              const LARGE_INTEGER *timeout);
NTSTATUS NTAPI NtDelayExecution(BOOLEAN alertable, const LARGE_INTEGER *timeout);
/* STATUS_SUCCESS: systems do not tell whether another thread has run. */
NTSTATUS NTAPI NtYieldExecution(void);

/* --- Threads, APCs, alerts --------------------------------------------------------------------------------------- */

typedef NTSTATUS(NTAPI *PUSER_THREAD_START_ROUTINE)(PVOID argument);
typedef VOID(NTAPI *PNTAPCFUNC)(ULONG_PTR a, ULONG_PTR b, ULONG_PTR c);

#define PS_ATTRIBUTE_CLIENT_ID 0x00010003u
typedef struct _PS_ATTRIBUTE {
  ULONG_PTR Attribute;
  SIZE_T Size;
  union {
    ULONG_PTR Value;
    PVOID ValuePtr;
  } u;
  PSIZE_T ReturnLength;
} PS_ATTRIBUTE, *PPS_ATTRIBUTE;
typedef struct _PS_ATTRIBUTE_LIST {
  SIZE_T TotalLength; /* of the list, in bytes */
  PS_ATTRIBUTE Attributes[1];
} PS_ATTRIBUTE_LIST, *PPS_ATTRIBUTE_LIST;

typedef enum _THREADINFOCLASS { ThreadBasicInformation } THREADINFOCLASS;
typedef struct _THREAD_BASIC_INFORMATION {
  NTSTATUS ExitStatus; /* STATUS_PENDING: it runs */
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
NTSTATUS NTAPI NtWaitForAlertByThreadId(const void *address, const LARGE_INTEGER *timeout);

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
NTSTATUS NTAPI RtlWaitOnAddress(const void *address, const void *compare, SIZE_T size, const LARGE_INTEGER *timeout);
VOID NTAPI RtlWakeAddressSingle(const void *address);
VOID NTAPI RtlWakeAddressAll(const void *address);

#ifdef __cplusplus
}
#endif

#endif
