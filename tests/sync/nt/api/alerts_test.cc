// Order, APCs, alerts and threads: items 81 to 94 of the list of what NT does.
#include <memory>
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
  blocked second([&] { return wait(e); });
  CHECK(first.result() == STATUS_TIMEOUT);
  REQUIRE(seen_waiting(e, 1));
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(second.result() == STATUS_WAIT_0);
}

TEST_CASE("nt 85: who was interrupted by an APC stands at the end of the line when it waits again") {
  const handle e = automatic();
  std::atomic<int> order{0};
  blocked first([&] {
    if (wait(e, true) != STATUS_USER_APC) return -1;
    return wait(e) == STATUS_WAIT_0 ? order.fetch_add(1, std::memory_order_relaxed) : -1;
  });
  REQUIRE(seen_waiting(e, 1));
  blocked second([&] { return wait(e) == STATUS_WAIT_0 ? order.fetch_add(1, std::memory_order_relaxed) : -1; });
  REQUIRE(seen_waiting(e, 2));
  CHECK(queue(first.thread(), 1) == STATUS_SUCCESS);
  REQUIRE(eventually([&] { return !first.is_alertable() && waiting(e) == 2; }));
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
  const HANDLE both[] = {e, other};
  CHECK(queue_to_self(2) == STATUS_SUCCESS);
  CHECK(NtWaitForMultipleObjects(2, both, WaitAny, 1, nullptr) == STATUS_WAIT_1);
  CHECK(NtWaitForMultipleObjects(2, both, WaitAll, 1, nullptr) == STATUS_USER_APC);
  CHECK(state(other) == 1);
  CHECK(ran == list{1, 2});
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

struct about {
  HANDLE own = nullptr;
  HANDLE mutant = nullptr;
  ULONG_PTR argument = 0;
};
NTSTATUS NTAPI run(PVOID p) {
  auto& a = *static_cast<about*>(p);
  a.own = NtCurrentThreadId();
  static_cast<void>(wait(a.mutant));
  a.argument = 42;
  return 7;
}

TEST_CASE("a thread has a number, a handle, and a status at its end") {
  const handle m = mutant();
  about a{nullptr, m, 0};
  CLIENT_ID id{};
  SIZE_T returned = 0;
  PS_ATTRIBUTE_LIST attributes{};
  attributes.TotalLength = sizeof attributes;
  attributes.Attributes[0].Attribute = PS_ATTRIBUTE_CLIENT_ID;
  attributes.Attributes[0].Size = sizeof id;
  attributes.Attributes[0].ValuePtr = &id;
  attributes.Attributes[0].ReturnLength = &returned;
  handle t;
  REQUIRE(NtCreateThreadEx(t.to(), THREAD_ALL_ACCESS, nullptr, NtCurrentProcess(), run, &a, 0, 0, 0, 1 << 20,
                           &attributes) == STATUS_SUCCESS);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(a.argument == 42);
  CHECK(a.own == id.UniqueThread);
  CHECK(id.UniqueProcess == NtCurrentProcessId());
  CHECK(returned == sizeof id);
  THREAD_BASIC_INFORMATION info{};
  CHECK(NtQueryInformationThread(t, ThreadBasicInformation, &info, sizeof info, nullptr) == STATUS_SUCCESS);
  CHECK(info.ExitStatus == 7);
  CHECK(info.ClientId.UniqueThread == id.UniqueThread);
  CHECK(is(mutant_state(m), 1, false, true));  // abandoned before the thread was signaled
  CHECK(NtQueryInformationThread(NtCurrentThread(), ThreadBasicInformation, &info, sizeof info, nullptr) ==
        STATUS_SUCCESS);
  CHECK(info.ExitStatus == STATUS_PENDING);
  CHECK(info.ClientId.UniqueThread == NtCurrentThreadId());
}

struct reads_its_number {
  CLIENT_ID id{};
  HANDLE thread = nullptr;
};
NTSTATUS NTAPI read_number(PVOID p) {
  const auto& r = *static_cast<reads_its_number*>(p);
  return r.id.UniqueThread == NtCurrentThreadId() && r.id.UniqueProcess == NtCurrentProcessId() ? 7 : 8;
}

TEST_CASE("what a thread's maker is told of it is there before it runs") {
  for (int i = 0; i < 200; ++i) {
    reads_its_number r;
    PS_ATTRIBUTE_LIST attributes{};
    attributes.TotalLength = sizeof attributes;
    attributes.Attributes[0].Attribute = PS_ATTRIBUTE_CLIENT_ID;
    attributes.Attributes[0].Size = sizeof r.id;
    attributes.Attributes[0].ValuePtr = &r.id;
    REQUIRE(NtCreateThreadEx(&r.thread, THREAD_ALL_ACCESS, nullptr, NtCurrentProcess(), read_number, &r, 0, 0, 0, 0,
                             &attributes) == STATUS_SUCCESS);
    const handle t(r.thread);
    CHECK(wait(t) == STATUS_WAIT_0);
    THREAD_BASIC_INFORMATION info{};
    CHECK(NtQueryInformationThread(t, ThreadBasicInformation, &info, sizeof info, nullptr) == STATUS_SUCCESS);
    CHECK(info.ExitStatus == 7);
  }
}

TEST_CASE("a thread's number is no other's as long as somebody has a handle") {
  handle first;
  HANDLE number = nullptr;
  {
    blocked thread([] { return STATUS_SUCCESS; });
    first = duplicate(thread.thread(), 0, DUPLICATE_SAME_ACCESS);
    number = thread.id();
  }
  weir::rcu::default_domain().barrier();
  CHECK(poll(first) == STATUS_WAIT_0);
  for (int i = 0; i < 3; ++i) {
    blocked another([] { return STATUS_SUCCESS; });
    CHECK(another.id() != number);
  }
  CHECK(NtAlertThreadByThreadId(number) == STATUS_INVALID_CID);
  first.close();
  // It is given to another one once the object is gone.
  const auto is_used_again = [&] {
    weir::rcu::default_domain().barrier();
    std::vector<std::unique_ptr<blocked>> many;
    for (int i = 0; i < 8; ++i) {
      many.push_back(std::make_unique<blocked>([] { return STATUS_SUCCESS; }));
      if (many.back()->id() == number) return true;
    }
    return false;
  };
  CHECK(eventually(is_used_again));
}

TEST_CASE("what no thread is made of") {
  HANDLE h = reinterpret_cast<HANDLE>(77);
  const auto make = [&](HANDLE process, PUSER_THREAD_START_ROUTINE start, ULONG flags, PPS_ATTRIBUTE_LIST l) {
    return NtCreateThreadEx(&h, THREAD_ALL_ACCESS, nullptr, process, start, nullptr, flags, 0, 0, 0, l);
  };
  CHECK(make(NtCurrentProcess(), nullptr, 0, nullptr) == STATUS_INVALID_PARAMETER);
  CHECK(make(nullptr, run, 0, nullptr) == STATUS_INVALID_HANDLE);
  CHECK(make(NtCurrentThread(), run, 0, nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(make(automatic(), run, 0, nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(make(NtCurrentProcess(), run, 1, nullptr) == STATUS_NOT_SUPPORTED);
  PS_ATTRIBUTE_LIST l{};
  CHECK(make(NtCurrentProcess(), run, 0, &l) == STATUS_INVALID_PARAMETER);
  l.TotalLength = sizeof l;
  CHECK(make(NtCurrentProcess(), run, 0, &l) == STATUS_NOT_SUPPORTED);
  CHECK(h == reinterpret_cast<HANDLE>(77));
}

TEST_CASE("a thread that was not made here has an object, too") {
  handle t;
  {
    blocked thread([] { return STATUS_SUCCESS; });
    t = duplicate(thread.thread(), SYNCHRONIZE | THREAD_QUERY_LIMITED_INFORMATION);
  }
  CHECK(poll(t) == STATUS_WAIT_0);
}

}  // namespace
