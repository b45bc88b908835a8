// Handles: items 110 to 113 of the list of what NT does.
#include "tests/support/catch.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;

ACCESS_MASK granted(HANDLE h) {
  OBJECT_BASIC_INFORMATION info{};
  return NtQueryObject(h, ObjectBasicInformation, &info, sizeof info, nullptr) == STATUS_SUCCESS ? info.GrantedAccess
                                                                                                 : ~0u;
}

TEST_CASE("nt 110: a handle with fewer rights has no others") {
  const handle e = automatic(true);
  const handle waits = with(e, SYNCHRONIZE);
  CHECK(granted(waits) == SYNCHRONIZE);
  CHECK(NtSetEvent(waits, nullptr) == STATUS_ACCESS_DENIED);
  CHECK(state(waits) == -1);
  CHECK(poll(waits) == STATUS_WAIT_0);
  const handle same = duplicate(waits, EVENT_ALL_ACCESS, DUPLICATE_SAME_ACCESS);
  CHECK(granted(same) == SYNCHRONIZE);
  HANDLE source = nullptr;
  REQUIRE(NtCreateEvent(&source, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, 1) == STATUS_SUCCESS);
  const handle moved = duplicate(source, EVENT_QUERY_STATE, DUPLICATE_CLOSE_SOURCE);
  CHECK(state(moved) == 1);
  CHECK(NtClose(source) == STATUS_INVALID_HANDLE);
}

TEST_CASE("what cannot be duplicated") {
  const handle e = automatic();
  HANDLE h = reinterpret_cast<HANDLE>(77);
  const HANDLE here = NtCurrentProcess();
  CHECK(NtDuplicateObject(here, nullptr, here, &h, 0, 0, DUPLICATE_SAME_ACCESS) == STATUS_INVALID_HANDLE);
  CHECK(NtDuplicateObject(nullptr, e, here, &h, 0, 0, DUPLICATE_SAME_ACCESS) == STATUS_INVALID_HANDLE);
  CHECK(NtDuplicateObject(here, e, nullptr, &h, 0, 0, DUPLICATE_SAME_ACCESS) == STATUS_INVALID_HANDLE);
  CHECK(NtDuplicateObject(e, e, here, &h, 0, 0, DUPLICATE_SAME_ACCESS) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtDuplicateObject(here, e, here, nullptr, 0, 0, 0) == STATUS_INVALID_PARAMETER);
  CHECK(h == reinterpret_cast<HANDLE>(77));
  HANDLE source = nullptr;
  REQUIRE(NtCreateEvent(&source, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, 1) == STATUS_SUCCESS);
  CHECK(NtDuplicateObject(here, source, here, nullptr, 0, 0, DUPLICATE_CLOSE_SOURCE) == STATUS_SUCCESS);
  CHECK(NtClose(source) == STATUS_INVALID_HANDLE);
  const handle process = duplicate(here, 0, DUPLICATE_SAME_ACCESS);
  handle by_handle;
  CHECK(NtDuplicateObject(process, e, process, by_handle.to(), 0, 0, DUPLICATE_SAME_ACCESS) == STATUS_SUCCESS);
  const handle weak = with(process, SYNCHRONIZE);
  CHECK(NtDuplicateObject(weak, e, here, &h, 0, 0, DUPLICATE_SAME_ACCESS) == STATUS_ACCESS_DENIED);
}

TEST_CASE("nt 111, 112: closing what is no handle, and what is none at all") {
  HANDLE e = nullptr;
  REQUIRE(NtCreateEvent(&e, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, 0) == STATUS_SUCCESS);
  CHECK(NtClose(e) == STATUS_SUCCESS);
  CHECK(NtClose(e) == STATUS_INVALID_HANDLE);
  CHECK(NtClose(nullptr) == STATUS_INVALID_HANDLE);
  CHECK(NtClose(NtCurrentProcess()) == STATUS_SUCCESS);
  CHECK(NtClose(NtCurrentThread()) == STATUS_SUCCESS);
  for (const HANDLE h : {static_cast<HANDLE>(nullptr), e, reinterpret_cast<HANDLE>(~ULONG_PTR{0} << 8),
                         reinterpret_cast<HANDLE>(ULONG_PTR{1} << 26)}) {
    CHECK(NtSetEvent(h, nullptr) == STATUS_INVALID_HANDLE);
    CHECK(NtReleaseSemaphore(h, 1, nullptr) == STATUS_INVALID_HANDLE);
    CHECK(NtReleaseMutant(h, nullptr) == STATUS_INVALID_HANDLE);
    CHECK(NtCancelTimer(h, nullptr) == STATUS_INVALID_HANDLE);
    CHECK(poll(h) == STATUS_INVALID_HANDLE);
    CHECK(NtClose(h) == STATUS_INVALID_HANDLE);
  }
}

TEST_CASE("nt 113: what the generic rights are for each type") {
  struct row {
    handle object;
    ACCESS_MASK read, write, execute, all;
  };
  const row rows[] = {
      {automatic(), 0x20001, 0x20002, 0x120000, EVENT_ALL_ACCESS},
      {semaphore(0, 1), 0x20001, 0x20002, 0x120000, SEMAPHORE_ALL_ACCESS},
      {mutant(), 0x20001, 0x20000, 0x120000, MUTANT_ALL_ACCESS},
      {timer(NotificationTimer), 0x20001, 0x20002, 0x120000, TIMER_ALL_ACCESS},
      {keyed(), 0x20001, 0x20002, 0x20000, KEYEDEVENT_ALL_ACCESS},
      {own_thread(),
       STANDARD_RIGHTS_READ | THREAD_GET_CONTEXT | THREAD_QUERY_INFORMATION | THREAD_QUERY_LIMITED_INFORMATION,
       STANDARD_RIGHTS_WRITE | THREAD_TERMINATE | THREAD_SUSPEND_RESUME | THREAD_ALERT | THREAD_SET_CONTEXT |
           THREAD_SET_INFORMATION | THREAD_SET_LIMITED_INFORMATION,
       STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | THREAD_QUERY_LIMITED_INFORMATION, THREAD_ALL_ACCESS},
      {duplicate(NtCurrentProcess(), 0, DUPLICATE_SAME_ACCESS), 0x21410, 0x20BEA, 0x121001, PROCESS_ALL_ACCESS},
  };
  for (const row& r : rows) {
    CHECK(granted(with(r.object, GENERIC_READ)) == r.read);
    CHECK(granted(with(r.object, GENERIC_WRITE)) == r.write);
    CHECK(granted(with(r.object, GENERIC_EXECUTE)) == r.execute);
    CHECK(granted(with(r.object, GENERIC_ALL)) == r.all);
    CHECK(granted(with(r.object, MAXIMUM_ALLOWED)) == r.all);
    CHECK(granted(with(r.object, 0)) == 0);
  }
  CHECK(granted(with(keyed(), KEYEDEVENT_WAIT | SYNCHRONIZE)) == (KEYEDEVENT_WAIT | SYNCHRONIZE));
  // Rights that come with others.
  const handle thread = own_thread();
  CHECK(granted(with(thread, THREAD_QUERY_INFORMATION)) ==
        (THREAD_QUERY_INFORMATION | THREAD_QUERY_LIMITED_INFORMATION));
  CHECK(granted(with(thread, THREAD_SET_INFORMATION)) == (THREAD_SET_INFORMATION | THREAD_SET_LIMITED_INFORMATION));
  CHECK(granted(with(thread, THREAD_QUERY_LIMITED_INFORMATION)) == THREAD_QUERY_LIMITED_INFORMATION);
  CHECK(granted(with(thread, THREAD_SET_LIMITED_INFORMATION)) == THREAD_SET_LIMITED_INFORMATION);
  const handle process = duplicate(NtCurrentProcess(), 0, DUPLICATE_SAME_ACCESS);
  CHECK(granted(with(process, 0x400)) == 0x1400);
  CHECK(granted(with(process, 0x1000)) == 0x1000);
  THREAD_BASIC_INFORMATION info{};
  CHECK(NtQueryInformationThread(with(thread, THREAD_QUERY_INFORMATION), ThreadBasicInformation, &info, sizeof info,
                                 nullptr) == STATUS_SUCCESS);
  CHECK(granted(event(NotificationEvent, false, GENERIC_READ | SYNCHRONIZE)) == 0x120001);
}

TEST_CASE("a handle's flags, and one that must not be closed") {
  const handle e = automatic();
  OBJECT_HANDLE_FLAG_INFORMATION flags{1, 1};
  CHECK(NtSetInformationObject(e, ObjectHandleFlagInformation, &flags, sizeof flags) == STATUS_SUCCESS);
  flags = {0, 0};
  CHECK(NtQueryObject(e, ObjectHandleFlagInformation, &flags, sizeof flags, nullptr) == STATUS_SUCCESS);
  CHECK(flags.Inherit == 1);
  CHECK(flags.ProtectFromClose == 1);
  CHECK(NtClose(e) == STATUS_HANDLE_NOT_CLOSABLE);
  CHECK(state(e) == 0);
  const handle same = duplicate(e, 0, DUPLICATE_SAME_ACCESS | DUPLICATE_SAME_ATTRIBUTES);
  CHECK(NtClose(same) == STATUS_HANDLE_NOT_CLOSABLE);
  HANDLE kept = nullptr;
  CHECK(NtDuplicateObject(NtCurrentProcess(), e, NtCurrentProcess(), &kept, 0, OBJ_PROTECT_CLOSE,
                          DUPLICATE_SAME_ACCESS) == STATUS_SUCCESS);
  CHECK(NtClose(kept) == STATUS_HANDLE_NOT_CLOSABLE);
  flags = {0, 0};
  CHECK(NtSetInformationObject(e, ObjectHandleFlagInformation, &flags, sizeof flags) == STATUS_SUCCESS);
  CHECK(NtSetInformationObject(same, ObjectHandleFlagInformation, &flags, sizeof flags) == STATUS_SUCCESS);
  CHECK(NtSetInformationObject(kept, ObjectHandleFlagInformation, &flags, sizeof flags) == STATUS_SUCCESS);
  CHECK(NtClose(kept) == STATUS_SUCCESS);
  CHECK(NtSetInformationObject(nullptr, ObjectHandleFlagInformation, &flags, sizeof flags) == STATUS_INVALID_HANDLE);
  OBJECT_BASIC_INFORMATION info{};
  ULONG needed = 0;
  CHECK(NtQueryObject(e, ObjectBasicInformation, &info, 4, &needed) == STATUS_INFO_LENGTH_MISMATCH);
  CHECK(needed == sizeof info);
  CHECK(NtQueryObject(nullptr, ObjectBasicInformation, &info, sizeof info, nullptr) == STATUS_INVALID_HANDLE);
  CHECK(NtQueryObject(e, static_cast<OBJECT_INFORMATION_CLASS>(77), &info, sizeof info, nullptr) ==
        STATUS_INVALID_INFO_CLASS);
}

// Torture: threads make, open, use and close under a few names, and close handles of each other. Whatever they find is
// of the right type, with the state that it was made with.

}  // namespace
