// Threads as objects: item 71 of the list of what NT does, numbers, and what they are told.
#include <memory>
#include <vector>

#include "tests/support/catch.h"
#include "tests/sync/nt/api/api.h"
#include "weir/sync/nt/self.h"

namespace {

using namespace weir::test::nt;
using weir::test::eventually;

NTSTATUS NTAPI returns_42(PVOID) { return 42; }

TEST_CASE("nt 71: a thread is signaled at its end, not before, and stays so") {
  weir::test::gate go;
  blocked lives([&] {
    go.pass();
    return STATUS_SUCCESS;
  });
  CHECK(poll(lives.thread()) == STATUS_TIMEOUT);
  go.open();
  CHECK(wait(lives.thread()) == STATUS_WAIT_0);
  handle t;
  REQUIRE(NtCreateThreadEx(t.to(), THREAD_ALL_ACCESS, nullptr, NtCurrentProcess(), returns_42, nullptr, 0, 0, 0, 0,
                           nullptr) == STATUS_SUCCESS);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(poll(t) == STATUS_WAIT_0);
  const HANDLE one = t;
  CHECK(NtWaitForMultipleObjects(1, &one, WaitAny, 0, &zero) == STATUS_WAIT_0);
}

// Where a thread_local is memory that the system frees before the thread's last moment.
TEST_CASE("a thread whose thread_locals are gone is the same one, and ends as that") {
  HANDLE id = nullptr;
  bool owns = false;
  blocked forgets([&] {
    const handle m = mutant(true);
    detail::own_thread_object = nullptr;
    detail::own_record = nullptr;
    owns = is(mutant_state(m), 0, true, false);
    id = NtCurrentThreadId();
    return STATUS_SUCCESS;
  });
  CHECK(forgets.result() == STATUS_SUCCESS);
  CHECK(owns);
  REQUIRE(id == forgets.id());
  CHECK(wait(forgets.thread()) == STATUS_WAIT_0);
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
