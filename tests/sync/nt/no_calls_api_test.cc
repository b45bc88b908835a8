// Property: what need not wait, and wakes nobody, makes no system call, through handles too.
#include <array>

#include "tests/support/catch.h"
#include "tests/sync/nt/no_calls.h"
#include "weir/sync/nt/ntapi.h"

namespace {

using namespace weir::test;

[[nodiscard]] bool well(NTSTATUS s) { return s == STATUS_SUCCESS; }

HANDLE event(EVENT_TYPE what, BOOLEAN set) {
  HANDLE made = nullptr;
  return well(NtCreateEvent(&made, EVENT_ALL_ACCESS, nullptr, what, set)) ? made : nullptr;
}

HANDLE semaphore() {
  HANDLE made = nullptr;
  return well(NtCreateSemaphore(&made, SEMAPHORE_ALL_ACCESS, nullptr, 0, 10)) ? made : nullptr;
}

HANDLE mutant() {
  HANDLE made = nullptr;
  return well(NtCreateMutant(&made, MUTANT_ALL_ACCESS, nullptr, FALSE)) ? made : nullptr;
}

[[nodiscard]] NTSTATUS wait(HANDLE h) { return NtWaitForSingleObject(h, FALSE, nullptr); }
[[nodiscard]] NTSTATUS poll(HANDLE h) {
  const LARGE_INTEGER at_once = {};
  return NtWaitForSingleObject(h, FALSE, &at_once);
}

}  // namespace

TEST_CASE("events") {
  if (!filters_work()) return;
  const HANDLE h = event(SynchronizationEvent, FALSE);
  const HANDLE manual = event(NotificationEvent, FALSE);
  REQUIRE((h != nullptr && manual != nullptr));
  CHECK(calls_of([=] { return well(NtSetEvent(h, nullptr)) && well(wait(h)); }) == "exit 0");
  CHECK(calls_of([=] {
          LONG before = 0;
          return well(NtSetEvent(manual, nullptr)) && well(wait(manual)) && well(NtResetEvent(manual, &before)) &&
                 before == 1;
        }) == "exit 0");
  CHECK(calls_of([=] { return well(NtPulseEvent(h, nullptr)) && well(NtClearEvent(h)); }) == "exit 0");
}

TEST_CASE("semaphores and mutants") {
  if (!filters_work()) return;
  const HANDLE s = semaphore();
  const HANDLE m = mutant();
  REQUIRE((s != nullptr && m != nullptr));
  CHECK(calls_of([=] { return well(NtReleaseSemaphore(s, 2, nullptr)) && well(wait(s)) && well(wait(s)); }) ==
        "exit 0");
  CHECK(calls_of([=] { return well(wait(m)) && well(NtReleaseMutant(m, nullptr)); }) == "exit 0");
}

TEST_CASE("waits for several") {
  if (!filters_work()) return;
  std::array<HANDLE, 3> all = {event(SynchronizationEvent, FALSE), semaphore(), mutant()};
  const ULONG count = all.size();
  CHECK(calls_of([=] {
          return well(NtSetEvent(all[0], nullptr)) && well(NtReleaseSemaphore(all[1], 1, nullptr)) &&
                 well(NtWaitForMultipleObjects(count, all.data(), WaitAll, FALSE, nullptr)) &&
                 well(NtReleaseMutant(all[2], nullptr));
        }) == "exit 0");
  CHECK(calls_of([=] {
          return well(NtReleaseSemaphore(all[1], 1, nullptr)) &&
                 NtWaitForMultipleObjects(count, all.data(), WaitAny, FALSE, nullptr) == STATUS_WAIT_0 + 1;
        }) == "exit 0");
}

TEST_CASE("a handle that is none") {
  if (!filters_work()) return;
  CHECK(calls_of([] { return NtSetEvent(nullptr, nullptr) == STATUS_INVALID_HANDLE; }) == "exit 0");
}

TEST_CASE("a poll that finds nothing") {
  if (!filters_work()) return;
  const HANDLE h = event(SynchronizationEvent, FALSE);
  CHECK(calls_of([=] { return poll(h) == STATUS_TIMEOUT; }) == "exit 0");
}
