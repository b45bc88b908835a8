// Events by their handles: items 1 to 21 of the list of what NT does.
#include "tests/support/catch.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;
using weir::test::eventually;

TEST_CASE("nt 1: an event of type 2 is none") {
  HANDLE h = reinterpret_cast<HANDLE>(77);
  CHECK(NtCreateEvent(&h, EVENT_ALL_ACCESS, nullptr, static_cast<EVENT_TYPE>(2), 0) == STATUS_INVALID_PARAMETER);
  CHECK(h == reinterpret_cast<HANDLE>(77));
}

TEST_CASE("nt 2, 3: an event says of which type it is, and that it was made signaled") {
  EVENT_BASIC_INFORMATION info{};
  ULONG length = 0;
  const handle m = manual();
  CHECK(NtQueryEvent(m, EventBasicInformation, &info, sizeof info, &length) == STATUS_SUCCESS);
  CHECK(info.EventType == NotificationEvent);
  CHECK(info.EventState == 0);
  CHECK(length == 8);
  const handle a = automatic(true);
  CHECK(NtQueryEvent(a, EventBasicInformation, &info, sizeof info, nullptr) == STATUS_SUCCESS);
  CHECK(info.EventType == SynchronizationEvent);
  CHECK(info.EventState == 1);
}

TEST_CASE("nt 4, 5, 8: Set, Reset and Clear, and what they say was before") {
  for (const bool is_manual : {false, true}) {
    const handle e = is_manual ? manual() : automatic();
    LONG before = -1;
    CHECK(NtSetEvent(e, &before) == STATUS_SUCCESS);
    CHECK(before == 0);
    CHECK(NtSetEvent(e, &before) == STATUS_SUCCESS);
    CHECK(before == 1);
    CHECK(state(e) == 1);
    CHECK(NtResetEvent(e, &before) == STATUS_SUCCESS);
    CHECK(before == 1);
    CHECK(NtResetEvent(e, &before) == STATUS_SUCCESS);
    CHECK(before == 0);
    CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
    CHECK(NtClearEvent(e) == STATUS_SUCCESS);
    CHECK(state(e) == 0);
  }
}

TEST_CASE("nt 6, 7: Pulse without a waiter leaves it unsignaled, and says what was before") {
  for (const bool is_manual : {false, true}) {
    const handle e = is_manual ? manual() : automatic();
    LONG before = -1;
    CHECK(NtPulseEvent(e, &before) == STATUS_SUCCESS);
    CHECK(before == 0);
    CHECK(state(e) == 0);
    CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
    CHECK(NtPulseEvent(e, &before) == STATUS_SUCCESS);
    CHECK(before == 1);
    CHECK(state(e) == 0);
  }
}

TEST_CASE("nt 9, 10: a wait takes an auto event, and not a manual one") {
  const handle a = automatic(true);
  CHECK(poll(a) == STATUS_WAIT_0);
  CHECK(state(a) == 0);
  CHECK(poll(a) == STATUS_TIMEOUT);
  const handle m = manual(true);
  CHECK(poll(m) == STATUS_WAIT_0);
  CHECK(poll(m) == STATUS_WAIT_0);
  CHECK(state(m) == 1);
}

TEST_CASE("nt 11: Set lets one waiter of an auto event through") {
  const handle e = automatic();
  blocked first([&] { return wait(e); });
  REQUIRE(seen_waiting(e, 1));
  blocked second([&] { return wait(e); });
  REQUIRE(seen_waiting(e, 2));
  LONG before = -1;
  CHECK(NtSetEvent(e, &before) == STATUS_SUCCESS);
  CHECK(before == 0);
  CHECK(first.result() == STATUS_WAIT_0);
  CHECK(state(e) == 0);
  CHECK_FALSE(second.is_over());
  CHECK(waiting(e) == 1);
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(second.result() == STATUS_WAIT_0);
}

TEST_CASE("nt 12: Set lets all waiters of a manual event through, and it stays signaled") {
  const handle e = manual();
  blocked first([&] { return wait(e); });
  blocked second([&] { return wait(e); });
  REQUIRE(seen_waiting(e, 2));
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(first.result() == STATUS_WAIT_0);
  CHECK(second.result() == STATUS_WAIT_0);
  CHECK(state(e) == 1);
}

TEST_CASE("nt 13: Pulse of an auto event wakes exactly one") {
  const handle e = automatic();
  blocked first([&] { return wait(e); });
  REQUIRE(seen_waiting(e, 1));
  blocked second([&] { return wait(e); });
  REQUIRE(seen_waiting(e, 2));
  CHECK(NtPulseEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(first.result() == STATUS_WAIT_0);
  CHECK(waiting(e) == 1);
  CHECK(state(e) == 0);
  CHECK(NtPulseEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(second.result() == STATUS_WAIT_0);
}

TEST_CASE("nt 14: Pulse of a manual event wakes all who wait, each once") {
  const handle e = manual();
  std::atomic<int> woken{0};
  const auto twice = [&] {
    static_cast<void>(wait(e));
    woken.fetch_add(1, std::memory_order_relaxed);
    return wait(e);
  };
  blocked first(twice);
  blocked second(twice);
  blocked third(twice);
  REQUIRE(seen_waiting(e, 3));
  CHECK(NtPulseEvent(e, nullptr) == STATUS_SUCCESS);
  REQUIRE(eventually([&] { return woken.load(std::memory_order_relaxed) == 3; }));
  REQUIRE(seen_waiting(e, 3));  // again
  CHECK(state(e) == 0);
  CHECK(NtPulseEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(first.result() == STATUS_WAIT_0);
  CHECK(second.result() == STATUS_WAIT_0);
  CHECK(third.result() == STATUS_WAIT_0);
}

TEST_CASE("nt 15: nobody who asks during a pulse is told that the event is signaled") {
  const handle e = manual();
  blocked waiter([&] {
    for (int i = 0; i < 1'000; ++i) static_cast<void>(wait(e));
    return STATUS_SUCCESS;
  });
  LONG seen = 0;
  std::atomic<bool> over{false};
  std::thread asks([&] {
    while (!over.load(std::memory_order_relaxed)) seen |= state(e);
  });
  while (!waiter.is_over()) {
    if (waiting(e) == 1) static_cast<void>(NtPulseEvent(e, nullptr));
  }
  over.store(true, std::memory_order_relaxed);
  asks.join();
  CHECK(seen == 0);
}

TEST_CASE("nt 16, 17: Pulse satisfies a wait for all if the others are signaled, and else nobody") {
  const handle e = manual();
  const handle other = automatic();
  const HANDLE both[] = {e, other};
  blocked all([&] { return NtWaitForMultipleObjects(2, both, WaitAll, 0, nullptr); });
  REQUIRE(seen_waiting(e, 1));
  CHECK(NtPulseEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(waiting(e) == 1);
  CHECK(state(e) == 0);
  CHECK(NtSetEvent(other, nullptr) == STATUS_SUCCESS);
  CHECK(waiting(e) == 1);
  CHECK(state(other) == 1);
  CHECK(NtPulseEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(all.result() == STATUS_WAIT_0);
  CHECK(state(other) == 0);
  CHECK(state(e) == 0);
}

TEST_CASE("nt 18: events' calls refuse other objects") {
  const handle others[] = {mutant(), semaphore(0, 1), own_thread(), keyed(), timer(NotificationTimer)};
  for (const handle& h : others) {
    LONG before = 77;
    EVENT_BASIC_INFORMATION info{};
    CHECK(NtSetEvent(h, &before) == STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(NtPulseEvent(h, &before) == STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(NtResetEvent(h, &before) == STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(NtClearEvent(h) == STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(NtQueryEvent(h, EventBasicInformation, &info, sizeof info, nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
    CHECK(before == 77);
  }
  CHECK(NtSetEvent(NtCurrentProcess(), nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtSetEvent(NtCurrentThread(), nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
}

TEST_CASE("nt 19, 20, 21: an event without the right is not changed, nor told about") {
  const handle e = manual();
  const handle looks = with(e, EVENT_QUERY_STATE | SYNCHRONIZE);
  const handle sets = with(e, EVENT_MODIFY_STATE);
  LONG before = 77;
  CHECK(NtSetEvent(looks, &before) == STATUS_ACCESS_DENIED);
  CHECK(NtPulseEvent(looks, &before) == STATUS_ACCESS_DENIED);
  CHECK(state(e) == 0);
  CHECK(NtSetEvent(sets, nullptr) == STATUS_SUCCESS);
  CHECK(NtResetEvent(looks, &before) == STATUS_ACCESS_DENIED);
  CHECK(NtClearEvent(looks) == STATUS_ACCESS_DENIED);
  CHECK(state(looks) == 1);
  CHECK(before == 77);
  EVENT_BASIC_INFORMATION info{SynchronizationEvent, 77};
  ULONG length = 77;
  CHECK(NtQueryEvent(sets, EventBasicInformation, &info, sizeof info, &length) == STATUS_ACCESS_DENIED);
  CHECK(info.EventState == 77);
  CHECK(length == 77);
  CHECK(poll(sets) == STATUS_ACCESS_DENIED);
}

}  // namespace
