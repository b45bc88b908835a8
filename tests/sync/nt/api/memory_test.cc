// Property: whichever allocation is the first to fail, a call says so and has changed nothing, or it has succeeded; and
// nothing is left over. In a process of its own for each allocation, so that everything is made for the first time.
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/failing_new.h"
#include "tests/support/forked.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test;
using namespace weir::test::nt;

// Threads other than the one that says so find that the system has no memory to register them by.
std::atomic<bool> no_registration{false};
std::atomic<int> refused_registrations{0};
thread_local bool is_exempt = false;

template <class Function>
Function systems(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

// Address space that was reserved for tables: memory comes from there, and not from the allocator.
struct reservation {
  std::atomic<char*> start{nullptr};
  std::size_t bytes = 0;
};
std::array<reservation, 16> reservations;
std::atomic<std::size_t> reserved{0};

bool is_of_a_table(const void* at) {
  const char* const p = static_cast<const char*>(at);
  for (const reservation& r : reservations) {
    const char* const first = r.start.load(std::memory_order_acquire);
    if (first != nullptr && p >= first && p < first + r.bytes) return true;
  }
  return false;
}

}  // namespace

// In place of the system's, where a program's own comes first. Calls that are not for tables are left alone.
extern "C" void* mmap(void* at, std::size_t bytes, int protection, int flags, int file, off_t offset) {
  static const auto real = systems<void* (*)(void*, std::size_t, int, int, int, off_t)>("mmap");
  const bool is_for_a_table = protection == PROT_NONE && (flags & MAP_ANON) != 0 && at == nullptr;
  if (is_for_a_table && !may()) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  void* const got = real(at, bytes, protection, flags, file, offset);
  if (is_for_a_table && got != MAP_FAILED) {
    reservation& r = reservations.at(reserved.fetch_add(1, std::memory_order_relaxed));
    r.bytes = bytes / detail::part::of_rest;  // so much of it is kept
    r.start.store(static_cast<char*>(got), std::memory_order_release);
  }
  return got;
}

extern "C" int mprotect(void* at, std::size_t bytes, int protection) {
  static const auto real = systems<int (*)(void*, std::size_t, int)>("mprotect");
  if (is_of_a_table(at) && !may()) {
    errno = ENOMEM;
    return -1;
  }
  return real(at, bytes, protection);
}

extern "C" int pthread_setspecific(pthread_key_t key, const void* value) {
  if (no_registration.load(std::memory_order_relaxed) && !is_exempt) {
    refused_registrations.fetch_add(1, std::memory_order_relaxed);
    return ENOMEM;
  }
  static const auto real = systems<int (*)(pthread_key_t, const void*)>("pthread_setspecific");
  return real(key, value);
}

namespace {

constexpr int some_failed = 4;
constexpr std::size_t tables = 3;  // objects, handles, threads by their numbers

bool is_refusal(NTSTATUS s) { return s == STATUS_NO_MEMORY; }

// Makes one with `make`; out of memory it is made again with all there is. Each thing that is wrong: 1.
template <class Make>
int make_one(Make make, handle& h, bool& refused) {
  HANDLE made = reinterpret_cast<HANDLE>(77);
  const std::uint32_t handles = detail::own_handles().count();
  NTSTATUS s = make(&made);
  int bad = 0;
  if (is_refusal(s)) {
    refused = true;
    bad |= unless(made == reinterpret_cast<HANDLE>(77), "a handle is written though there was no memory");
    bad |= unless(detail::own_handles().count() == handles, "a handle is left though there was no memory");
    left.store(1 << 30, std::memory_order_relaxed);
    s = make(&made);
  }
  bad |= unless(s == STATUS_SUCCESS, "it is not made though there is memory");
  h = handle(made);
  return bad;
}

NTSTATUS NTAPI nothing(PVOID ran) {
  *static_cast<bool*>(ran) = true;
  return STATUS_SUCCESS;
}
VOID NTAPI no_timer_apc(PVOID, ULONG, LONG) {}
VOID NTAPI no_apc(ULONG_PTR, ULONG_PTR, ULONG_PTR) {}

int all_of_it() {
  static const LARGE_INTEGER hour = milliseconds(3'600'000);
  int bad = 0;
  bool refused = false;
  {
    handle e, s, m, t, k, th, d, opened;
    bad |= make_one([](PHANDLE h) { return NtCreateEvent(h, EVENT_ALL_ACCESS, nullptr, NotificationEvent, 1); }, e,
                    refused);
    bad |=
        make_one([](PHANDLE h) { return NtCreateSemaphore(h, SEMAPHORE_ALL_ACCESS, named(u"\\s"), 1, 2); }, s, refused);
    bad |= make_one([](PHANDLE h) { return NtCreateMutant(h, MUTANT_ALL_ACCESS, named(u"\\m", OBJ_OPENIF), 1); }, m,
                    refused);
    bad |= make_one([](PHANDLE h) { return NtCreateTimer(h, TIMER_ALL_ACCESS, nullptr, SynchronizationTimer); }, t,
                    refused);
    bad |= make_one([](PHANDLE h) { return NtCreateKeyedEvent(h, 3, named(u"\\k"), 0); }, k, refused);
    bad |= make_one(
        [&](PHANDLE h) {
          return NtDuplicateObject(NtCurrentProcess(), m, NtCurrentProcess(), h, 0, 0, DUPLICATE_SAME_ACCESS);
        },
        d, refused);
    bool ran = false;
    const CLIENT_ID unwritten{reinterpret_cast<HANDLE>(77), reinterpret_cast<HANDLE>(78)};
    bad |= make_one(
        [&](PHANDLE h) {
          CLIENT_ID id = unwritten;
          PS_ATTRIBUTE_LIST list{};
          list.TotalLength = sizeof list;
          list.Attributes[0].Attribute = PS_ATTRIBUTE_CLIENT_ID;
          list.Attributes[0].Size = sizeof id;
          list.Attributes[0].ValuePtr = &id;
          const NTSTATUS made =
              NtCreateThreadEx(h, THREAD_ALL_ACCESS, nullptr, NtCurrentProcess(), nothing, &ran, 0, 0, 0, 0, &list);
          const bool told = id.UniqueProcess == NtCurrentProcessId() && id.UniqueThread != unwritten.UniqueThread;
          const bool untouched =
              id.UniqueProcess == unwritten.UniqueProcess && id.UniqueThread == unwritten.UniqueThread;
          bad |= unless(made == STATUS_SUCCESS ? told : untouched, "a thread's number is told, or not, wrongly");
          return made;
        },
        th, refused);
    bad |= unless(wait(th) == STATUS_SUCCESS, "the thread has not ended");
    THREAD_BASIC_INFORMATION info{};
    bad |= unless(NtQueryInformationThread(th, ThreadBasicInformation, &info, sizeof info, nullptr) == STATUS_SUCCESS &&
                      info.ExitStatus == (ran ? STATUS_SUCCESS : STATUS_NO_MEMORY),
                  "a thread's end is told otherwise than it was");
    bad |= make_one([](PHANDLE h) { return NtOpenSemaphore(h, SEMAPHORE_ALL_ACCESS, named(u"\\s")); }, opened, refused);
    NTSTATUS r = NtSetTimer(t, &zero, nullptr, nullptr, 0, 0, nullptr);
    refused = refused || is_refusal(r);
    bad |= unless(r == STATUS_SUCCESS || is_refusal(r), "a timer is not set");
    bad |=
        unless(poll(t) == (r == STATUS_SUCCESS ? STATUS_SUCCESS : STATUS_TIMEOUT), "a timer is set, or not, wrongly");
    r = NtSetTimer(t, &hour, no_timer_apc, nullptr, 0, 0, nullptr);
    refused = refused || is_refusal(r);
    bad |= unless(r == STATUS_SUCCESS || is_refusal(r), "a timer with an APC is not set");
    // In a thread that has nothing yet: what is refused has signaled nothing.
    for (const HANDLE object : {static_cast<HANDLE>(e), NtCurrentThread()}) {
      std::thread([&] {
        const handle to_signal = automatic();
        if (to_signal == nullptr) return;  // no memory for that
        const NTSTATUS got = NtSignalAndWaitForSingleObject(to_signal, object, 1, &zero);
        bad |= unless(is_refusal(got) || got == (object == e ? STATUS_SUCCESS : STATUS_TIMEOUT), "it has not waited");
        bad |= unless(state(to_signal) == (is_refusal(got) ? 0 : 1), "a signal, though there was no memory to wait");
        refused = refused || is_refusal(got);
      }).join();
    }
    r = NtQueueApcThread(NtCurrentThread(), no_apc, nullptr, nullptr, nullptr);
    refused = refused || is_refusal(r);
    bad |= unless(r == STATUS_SUCCESS || is_refusal(r), "no APC is queued");
    r = poll(e, true);
    refused = refused || is_refusal(r);
    bad |= unless(r == STATUS_SUCCESS || is_refusal(r), "an alertable wait does not find what is signaled");
    // Whatever a thread needs for the first time: nothing is there that it could meet.
    const auto finds_nothing = [&](NTSTATUS got, const char* what) {
      refused = refused || is_refusal(got);
      bad |= unless(got == STATUS_TIMEOUT || is_refusal(got), what);
    };
    const int here = 0;
    finds_nothing(NtWaitForKeyedEvent(k, &here, 0, &zero), "a wait at a key meets somebody");
    finds_nothing(NtReleaseKeyedEvent(nullptr, &here, 0, &zero), "a release at a key meets somebody");
    finds_nothing(RtlWaitOnAddress(&here, &here, sizeof here, &zero), "somebody wakes a wait at an address");
    finds_nothing(NtWaitForAlertByThreadId(nullptr, &zero), "somebody alerts a thread");
    r = NtAlertThread(NtCurrentThread());
    refused = refused || is_refusal(r);
    const NTSTATUS alerted = NtDelayExecution(1, &zero);
    refused = refused || is_refusal(alerted);
    bad |= unless(is_refusal(r) || is_refusal(alerted) || alerted == STATUS_ALERTED, "an alert is lost");
    refused = refused || NtCurrentThreadId() == nullptr;
    bad |= unless(poll(s) == STATUS_SUCCESS && poll(s) == STATUS_TIMEOUT, "a semaphore has another count");
    // In a section there is nowhere to wait for a grace period.
    const weir::rcu::reader r2;
    for (handle* h : {&e, &s, &k, &d, &t, &opened}) {
      const HANDLE value = *h;
      h->close();
      bad |= unless(NtClose(value) == STATUS_INVALID_HANDLE, "a handle was closed twice");
    }
    bad |= unless(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS, "the mutant is not owned");
    refused = refused || left.load(std::memory_order_relaxed) < 0;
  }
  left.store(1 << 30, std::memory_order_relaxed);
  for (int i = 0; i < 16; ++i) static_cast<void>(NtClose(nullptr));  // each takes one out of limbo
  bad |= unless(detail::own_handles().count() == 0, "handles are left over");
  // A thread's objects are four; this thread's, and the process's; and what wakes the thread that serves timers. The
  // other thread was signaled before it was quite over.
  const auto all_gone = [] {
    weir::rcu::default_domain().barrier();
    return detail::own_segment().objects() <= 6;
  };
  bad |= unless(eventually(all_gone), "objects are left over");
  if (!refused) bad |= unless(reserved.load(std::memory_order_relaxed) == tables, "tables are not reserved, each once");
  return bad | (refused ? some_failed : 0);
}

TEST_CASE("a call without memory has done nothing, whichever allocation fails") {
  int first_without = 0;
  for (int allocations = 0; first_without == 0; ++allocations) {
    REQUIRE(allocations < 200);
    const outcome o = forked([&] {
      left.store(allocations, std::memory_order_relaxed);
      return all_of_it();
    });
    INFO("the allocation number " << allocations << " fails");
    INFO(o.summary());
    REQUIRE(o.exited);
    REQUIRE((o.status & 1) == 0);
    if (o.status == 0) first_without = allocations;
  }
  CHECK(first_without > 10);
}

constexpr int not_in_place = 2;  // the system calls its own pthread_setspecific()

TEST_CASE("a thread that cannot be registered has ended so, and a timer that nobody can serve is not set") {
  const outcome o = forked([] {
    is_exempt = true;
    int bad = 0;
    bool ran = false;
    const handle t = timer(SynchronizationTimer);
    static_cast<void>(NtCurrentThreadId());
    no_registration.store(true, std::memory_order_relaxed);
    handle th;
    bad |= unless(NtCreateThreadEx(th.to(), THREAD_ALL_ACCESS, nullptr, NtCurrentProcess(), nothing, &ran, 0, 0, 0, 0,
                                   nullptr) == STATUS_SUCCESS,
                  "no thread is made");
    bad |= unless(wait(th) == STATUS_SUCCESS, "the thread has not ended");
    if (refused_registrations.load(std::memory_order_relaxed) == 0) return not_in_place;
    THREAD_BASIC_INFORMATION info{};
    static_cast<void>(NtQueryInformationThread(th, ThreadBasicInformation, &info, sizeof info, nullptr));
    bad |= unless(!ran && info.ExitStatus == STATUS_NO_MEMORY, "a thread that has not run has ended well");
    for (int i = 0; i < 2; ++i) {
      BOOLEAN previous = 77;
      bad |= unless(NtSetTimer(t, &zero, nullptr, nullptr, 0, 0, &previous) == STATUS_NO_MEMORY && previous == 77,
                    "a timer is set that nobody serves");
      bad |= unless(poll(t) == STATUS_TIMEOUT, "a timer that was not set is signaled");
    }
    no_registration.store(false, std::memory_order_relaxed);
    const LARGE_INTEGER soon = milliseconds(1);
    bad |= unless(NtSetTimer(t, &soon, nullptr, nullptr, 0, 0, nullptr) == STATUS_SUCCESS, "a timer is not set");
    bad |= unless(wait(t) == STATUS_SUCCESS, "a timer has not expired");
    return bad;
  });
  INFO(o.summary());
  REQUIRE(o.exited);
  if (o.status == not_in_place) {
    WARN("pthread_setspecific() cannot be replaced here");
    return;
  }
  CHECK(o.status == 0);
}

}  // namespace
