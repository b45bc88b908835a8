// Order, APCs and alerts: items 81 to 94 of the list of what NT does.
#include <vector>

#include "tests/support/catch.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;
using weir::test::eventually;

// What the APCs of a thread have been called with, in order.
thread_local std::vector<ULONG_PTR> ran;
VOID NTAPI note(ULONG_PTR a, ULONG_PTR, ULONG_PTR) { ran.push_back(a); }
NTSTATUS queue(HANDLE thread, ULONG_PTR a) {
  return NtQueueApcThread(thread, note, reinterpret_cast<PVOID>(a), nullptr, nullptr);
}
NTSTATUS queue_to_self(ULONG_PTR a) { return queue(NtCurrentThread(), a); }
using list = std::vector<ULONG_PTR>;

TEST_CASE("nt 81: two waiters of an auto event are let through in their order") {
  for (int again = 0; again < 20; ++again) {
    const handle e = automatic();
    std::atomic<int> turn{0};
    const auto take = [&] { return wait(e) == STATUS_WAIT_0 ? turn.fetch_add(1, std::memory_order_relaxed) : -1; };
    blocked first(take);
    REQUIRE(seen_waiting(e, 1));
    blocked second(take);
    REQUIRE(seen_waiting(e, 2));
    CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
    CHECK(first.result() == 0);
    CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
    CHECK(second.result() == 1);
  }
}

TEST_CASE("nt 82: waits for any and for all stand in one line") {
  const handle e = automatic();
  const handle other = manual(true);
  const HANDLE both[] = {other, e};
  const HANDLE one[] = {e};
  blocked first([&] { return NtWaitForMultipleObjects(1, one, WaitAny, 0, nullptr); });
  REQUIRE(seen_waiting(e, 1));
  blocked second([&] { return NtWaitForMultipleObjects(2, both, WaitAll, 0, nullptr); });
  REQUIRE(seen_waiting(e, 2));
  blocked third([&] { return wait(e); });
  REQUIRE(seen_waiting(e, 3));
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(first.result() == STATUS_WAIT_0);
  CHECK(waiting(e) == 2);
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(second.result() == STATUS_WAIT_0);
  CHECK(waiting(e) == 1);
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(third.result() == STATUS_WAIT_0);
}

TEST_CASE("nt 83: who was woken by a pulse stands at the end of the line when it waits again") {
  const handle e = automatic();
  std::atomic<int> order{0};
  blocked first([&] {
    static_cast<void>(wait(e));
    static_cast<void>(wait(e));
    return order.fetch_add(1, std::memory_order_relaxed);
  });
  REQUIRE(seen_waiting(e, 1));
  blocked second([&] { return wait(e) == STATUS_WAIT_0 ? order.fetch_add(1, std::memory_order_relaxed) : -1; });
  REQUIRE(seen_waiting(e, 2));
  CHECK(NtPulseEvent(e, nullptr) == STATUS_SUCCESS);
  REQUIRE(seen_waiting(e, 2));
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(second.result() == 0);
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(first.result() == 1);
}

TEST_CASE("nt 84: whose time is up is out of the line, and the next one gets the object") {
  const handle e = automatic();
  const LARGE_INTEGER soon = milliseconds(5);
  blocked first([&] { return NtWaitForSingleObject(e, 0, &soon); });
  REQUIRE(eventually([&] { return waiting(e) == 1 || first.is_over(); }));
  blocked second([&] { return wait(e); });
  CHECK(first.result() == STATUS_TIMEOUT);
  REQUIRE(seen_waiting(e, 1));
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(second.result() == STATUS_WAIT_0);
}

TEST_CASE("nt 85: who was interrupted by an APC stands at the end of the line when it waits again") {
  const handle e = automatic();
  std::atomic<int> order{0};
  std::atomic<bool> interrupted{false};
  blocked first([&] {
    if (wait(e, true) != STATUS_USER_APC) return -1;
    interrupted.store(true, std::memory_order_release);
    return wait(e) == STATUS_WAIT_0 ? order.fetch_add(1, std::memory_order_relaxed) : -1;
  });
  REQUIRE(seen_waiting(e, 1));
  blocked second([&] { return wait(e) == STATUS_WAIT_0 ? order.fetch_add(1, std::memory_order_relaxed) : -1; });
  REQUIRE(seen_waiting(e, 2));
  CHECK(queue(first.thread(), 1) == STATUS_SUCCESS);
  REQUIRE(eventually([&] { return interrupted.load(std::memory_order_acquire) && waiting(e) == 2; }));
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(second.result() == 0);
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(first.result() == 1);
}

TEST_CASE("nt 86, 87, 88: an APC ends an alertable wait whose objects are not signaled") {
  ran.clear();
  const handle e = automatic();
  CHECK(queue_to_self(1) == STATUS_SUCCESS);
  CHECK(poll(e, false) == STATUS_TIMEOUT);
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(poll(e, true) == STATUS_WAIT_0);  // the object first
  CHECK(ran.empty());
  CHECK(poll(e, true) == STATUS_USER_APC);
  CHECK(ran == list{1});
  CHECK(poll(e, true) == STATUS_TIMEOUT);
  const handle other = manual(true);
  const handle automatic_there = automatic(true);
  const HANDLE both[] = {e, other};
  CHECK(queue_to_self(2) == STATUS_SUCCESS);
  CHECK(NtWaitForMultipleObjects(2, both, WaitAny, 1, nullptr) == STATUS_WAIT_1);
  CHECK(NtWaitForMultipleObjects(2, both, WaitAll, 1, nullptr) == STATUS_USER_APC);
  const HANDLE with_auto[] = {automatic_there, e};
  CHECK(queue_to_self(3) == STATUS_SUCCESS);
  CHECK(NtWaitForMultipleObjects(2, with_auto, WaitAll, 1, nullptr) == STATUS_USER_APC);
  CHECK(state(automatic_there) == 1);
  CHECK(ran == list{1, 2, 3});
}

TEST_CASE("nt 89: an APC ends the wait of a thread that is blocked alertably") {
  const handle e = automatic();
  const HANDLE h = e;
  const auto how_many = [](NTSTATUS s) { return s == STATUS_USER_APC ? static_cast<NTSTATUS>(ran.size()) : -1; };
  blocked single([&] { return how_many(wait(e, true)); });
  blocked all([&] { return how_many(NtWaitForMultipleObjects(1, &h, WaitAll, 1, nullptr)); });
  blocked delay([&] {
    const LARGE_INTEGER hour = milliseconds(3'600'000);
    return how_many(NtDelayExecution(1, &hour));
  });
  for (const blocked* b : {&single, &all, &delay}) {
    REQUIRE(eventually([&] { return b->is_alertable(); }));
    CHECK(queue(b->thread(), 7) == STATUS_SUCCESS);
  }
  CHECK(single.result() == 1);
  CHECK(all.result() == 1);
  CHECK(delay.result() == 1);
  CHECK(waiting(e) == 0);
}

VOID NTAPI queue_another(ULONG_PTR a, ULONG_PTR, ULONG_PTR) {
  ran.push_back(a);
  if (a < 5) {
    static_cast<void>(
        NtQueueApcThread(NtCurrentThread(), queue_another, reinterpret_cast<PVOID>(a + 1), nullptr, nullptr));
  }
}

TEST_CASE("nt 90: one wait runs all the APCs, in their order, and what they queue") {
  ran.clear();
  CHECK(queue_to_self(1) == STATUS_SUCCESS);
  CHECK(queue_to_self(2) == STATUS_SUCCESS);
  CHECK(NtQueueApcThread(NtCurrentThread(), queue_another, reinterpret_cast<PVOID>(3), nullptr, nullptr) ==
        STATUS_SUCCESS);
  CHECK(NtDelayExecution(1, &zero) == STATUS_USER_APC);
  CHECK(ran == list{1, 2, 3, 4, 5});
  CHECK(NtDelayExecution(1, &zero) == STATUS_SUCCESS);
}

VOID NTAPI waits_again(ULONG_PTR a, ULONG_PTR b, ULONG_PTR c) {
  ran.push_back(a + b + c);
  const NTSTATUS s = NtDelayExecution(1, &zero);
  ran.push_back(s == STATUS_USER_APC ? a + b + c + 1000 : 0);
}

TEST_CASE("an APC may wait alertably itself, and runs the others") {
  ran.clear();
  CHECK(NtQueueApcThread(NtCurrentThread(), waits_again, reinterpret_cast<PVOID>(1), reinterpret_cast<PVOID>(20),
                         reinterpret_cast<PVOID>(300)) == STATUS_SUCCESS);
  CHECK(queue_to_self(2) == STATUS_SUCCESS);
  CHECK(queue_to_self(3) == STATUS_SUCCESS);
  CHECK(NtDelayExecution(1, &zero) == STATUS_USER_APC);
  CHECK(ran == list{321, 2, 3, 1321});  // the others in its wait, and not after it
  CHECK(NtDelayExecution(1, &zero) == STATUS_SUCCESS);
  ran.clear();
  CHECK(NtQueueApcThread(NtCurrentThread(), waits_again, reinterpret_cast<PVOID>(1), nullptr, nullptr) ==
        STATUS_SUCCESS);
  CHECK(NtDelayExecution(1, &zero) == STATUS_USER_APC);
  CHECK(ran == list{1, 0});  // nothing was left for it
}

TEST_CASE("nt 91, 92: an alert ends a wait only if no object does, and stays until then") {
  const handle e = automatic(true);
  const HANDLE h = e;
  CHECK(NtAlertThread(NtCurrentThread()) == STATUS_SUCCESS);
  CHECK(NtAlertThread(NtCurrentThread()) == STATUS_SUCCESS);
  CHECK(NtWaitForMultipleObjects(1, &h, WaitAny, 1, nullptr) == STATUS_WAIT_0);
  CHECK(NtWaitForMultipleObjects(1, &h, WaitAny, 1, nullptr) == STATUS_ALERTED);
  CHECK(NtWaitForMultipleObjects(1, &h, WaitAll, 1, &zero) == STATUS_TIMEOUT);
  blocked all([&] { return NtWaitForMultipleObjects(1, &h, WaitAll, 1, nullptr); });
  REQUIRE(eventually([&] { return all.is_alertable(); }));
  CHECK(NtAlertThread(all.thread()) == STATUS_SUCCESS);
  CHECK(all.result() == STATUS_ALERTED);
}

TEST_CASE("nt 56, 91: a wait for 64 objects has room for an alert, too") {
  std::vector<handle> events;
  std::vector<HANDLE> h;
  for (int i = 0; i < 64; ++i) {
    events.push_back(automatic());
    h.push_back(events.back());
  }
  for (const WAIT_TYPE what : {WaitAny, WaitAll}) {
    blocked waiter([&] { return NtWaitForMultipleObjects(64, h.data(), what, 1, nullptr); });
    REQUIRE(eventually([&] { return waiter.is_alertable() && waiting(h[63]) == 1; }));
    CHECK(NtAlertThread(waiter.thread()) == STATUS_SUCCESS);
    CHECK(waiter.result() == STATUS_ALERTED);
    CHECK(waiting(h[63]) == 0);
  }
}

TEST_CASE("an alert comes before the APCs, which stay") {
  ran.clear();
  CHECK(queue_to_self(1) == STATUS_SUCCESS);
  CHECK(NtAlertThread(NtCurrentThread()) == STATUS_SUCCESS);
  CHECK(NtDelayExecution(1, &zero) == STATUS_ALERTED);
  CHECK(ran.empty());
  CHECK(NtDelayExecution(1, &zero) == STATUS_USER_APC);
  CHECK(ran == list{1});
  CHECK(NtAlertThread(NtCurrentThread()) == STATUS_SUCCESS);
  CHECK(NtTestAlert() == STATUS_ALERTED);
  CHECK(NtDelayExecution(1, &zero) == STATUS_SUCCESS);
}

TEST_CASE("nt 93: an alert by the thread's number is for one wait, and two are one") {
  const HANDLE self = NtCurrentThreadId();
  CHECK(NtWaitForAlertByThreadId(nullptr, &zero) == STATUS_TIMEOUT);
  CHECK(NtAlertThreadByThreadId(self) == STATUS_SUCCESS);
  CHECK(NtAlertThreadByThreadId(self) == STATUS_SUCCESS);
  CHECK(NtWaitForAlertByThreadId(nullptr, nullptr) == STATUS_ALERTED);
  CHECK(NtWaitForAlertByThreadId(nullptr, &zero) == STATUS_TIMEOUT);
  HANDLE gone = nullptr;
  {
    blocked waiter([] { return NtWaitForAlertByThreadId(nullptr, nullptr); });
    REQUIRE(eventually([&] { return waiter.awaits_alert(); }));
    CHECK(NtAlertThreadByThreadId(waiter.id()) == STATUS_SUCCESS);
    CHECK(waiter.result() == STATUS_ALERTED);
    gone = waiter.id();
  }
  CHECK(NtAlertThreadByThreadId(gone) == STATUS_INVALID_CID);
  CHECK(NtAlertThreadByThreadId(nullptr) == STATUS_INVALID_CID);
  CHECK(NtAlertThreadByThreadId(reinterpret_cast<HANDLE>(reinterpret_cast<ULONG_PTR>(self) + 1)) == STATUS_INVALID_CID);
}

TEST_CASE("nt 94: TestAlert runs what there is, and is content with nothing") {
  ran.clear();
  CHECK(NtTestAlert() == STATUS_SUCCESS);
  CHECK(queue_to_self(3) == STATUS_SUCCESS);
  CHECK(NtTestAlert() == STATUS_SUCCESS);
  CHECK(ran == list{3});
}

TEST_CASE("APCs and alerts need a thread, and the right") {
  const handle e = automatic();
  CHECK(queue(e, 1) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(queue(nullptr, 1) == STATUS_INVALID_HANDLE);
  const handle weak = duplicate(NtCurrentThread(), SYNCHRONIZE);
  CHECK(queue(weak, 1) == STATUS_ACCESS_DENIED);
  CHECK(NtAlertThread(weak) == STATUS_ACCESS_DENIED);
  CHECK(NtAlertThread(e) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtQueueApcThread(NtCurrentThread(), nullptr, nullptr, nullptr, nullptr) == STATUS_INVALID_PARAMETER);
  CHECK(NtDelayExecution(1, &zero) == STATUS_SUCCESS);
  handle gone;
  {
    blocked thread([] { return STATUS_SUCCESS; });
    gone = duplicate(thread.thread(), 0, DUPLICATE_SAME_ACCESS);
  }
  CHECK(queue(gone, 1) == STATUS_UNSUCCESSFUL);
  CHECK(NtAlertThread(gone) == STATUS_SUCCESS);
}

// What is queued is given back when the thread ends without having waited: the sanitizers see it.
TEST_CASE("APCs that nobody waits for end with the thread") {
  blocked thread([] { return queue_to_self(1); });
  CHECK(thread.result() == STATUS_SUCCESS);
}

}  // namespace
