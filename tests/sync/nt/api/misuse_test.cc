// Misuse and bad input: random calls with handles that are right, wrong, closed and made up, against what each of them
// may answer; whatever they do, nothing is left over, and what was not to be changed is not.
#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;
using weir::test::scaled;

bool is_one_of(NTSTATUS s, std::initializer_list<NTSTATUS> known) {
  for (const NTSTATUS k : known) {
    if (s == k) return true;
  }
  return false;
}

// What any call may answer to a handle that it does not like.
bool is_refusal(NTSTATUS s) {
  return is_one_of(s, {STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_DENIED});
}

class chaos {
 public:
  explicit chaos(unsigned seed) : random_(seed) {}
  ~chaos() {
    for (const HANDLE h : known_) static_cast<void>(NtClose(h));
  }

  // False: an answer that is none.
  bool step() {
    const HANDLE h = any_handle();
    LONG previous = 0;
    switch (pick(16)) {
      case 0:
        return keep([](PHANDLE to, ACCESS_MASK a) { return NtCreateEvent(to, a, nullptr, NotificationEvent, 1); });
      case 1: return keep([](PHANDLE to, ACCESS_MASK a) { return NtCreateSemaphore(to, a, nullptr, 3, 5); });
      case 2: return keep([](PHANDLE to, ACCESS_MASK a) { return NtCreateMutant(to, a, nullptr, 0); });
      case 3:
        return keep([](PHANDLE to, ACCESS_MASK a) { return NtCreateTimer(to, a, nullptr, SynchronizationTimer); });
      case 4:
        return keep([](PHANDLE to, ACCESS_MASK a) {
          return NtCreateEvent(to, a, named(u"\\BaseNamedObjects\\chaos", OBJ_OPENIF), SynchronizationEvent, 0);
        });
      case 5: {
        HANDLE to = nullptr;
        const NTSTATUS s =
            NtDuplicateObject(NtCurrentProcess(), h, NtCurrentProcess(), &to, rights(), 0, static_cast<ULONG>(pick(4)));
        if (s == STATUS_SUCCESS) known_.push_back(to);
        return s == STATUS_SUCCESS || s == STATUS_INVALID_HANDLE;
      }
      case 6:
      case 7: return is_one_of(NtClose(h), {STATUS_SUCCESS, STATUS_INVALID_HANDLE});
      case 8: return fine(NtSetEvent(h, &previous));
      case 9: return fine(NtPulseEvent(h, &previous));
      case 10: return fine(NtReleaseSemaphore(h, 1, nullptr), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
      case 11: return fine(NtReleaseMutant(h, &previous), STATUS_MUTANT_NOT_OWNED);
      case 12: return fine(NtSetTimer(h, &zero, nullptr, nullptr, 0, 0, nullptr));
      case 13: {
        const NTSTATUS s = poll(h, true);
        return is_refusal(s) || is_one_of(s, {STATUS_WAIT_0, STATUS_TIMEOUT, STATUS_ABANDONED});
      }
      case 14: {
        const HANDLE many[] = {h, any_handle(), any_handle()};
        const NTSTATUS s = NtWaitForMultipleObjects(3, many, pick(2) == 0 ? WaitAll : WaitAny, 0, &zero);
        return is_refusal(s) || s == STATUS_TIMEOUT || s == STATUS_INVALID_PARAMETER_MIX || (s >= 0 && s < 3) ||
               (s >= 0x80 && s < 0x83);
      }
      default:
        return fine(NtSignalAndWaitForSingleObject(h, any_handle(), 0, &zero), STATUS_MUTANT_NOT_OWNED,
                    STATUS_SEMAPHORE_LIMIT_EXCEEDED, STATUS_TIMEOUT, STATUS_ABANDONED);
    }
  }

 private:
  std::size_t pick(std::size_t n) { return random_() % n; }
  ACCESS_MASK rights() {
    static constexpr std::array<ACCESS_MASK, 6> some = {
        0, SYNCHRONIZE, GENERIC_READ | SYNCHRONIZE, GENERIC_WRITE, MAXIMUM_ALLOWED, GENERIC_ALL};
    return some[pick(some.size())];
  }
  // One of ours, perhaps closed; or of anybody, made up.
  HANDLE any_handle() {
    const std::size_t n = pick(8);
    if (n == 0) return nullptr;
    if (n == 1) return reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(random_()));
    if (n == 2) return reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(pick(400)));
    return known_.empty() ? nullptr : known_[pick(known_.size())];
  }
  template <class Make>
  bool keep(Make make) {
    if (known_.size() > 64) {
      const std::size_t at = pick(known_.size());
      static_cast<void>(NtClose(known_[at]));
      known_.erase(known_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    HANDLE to = nullptr;
    const NTSTATUS s = make(&to, rights());
    if (to != nullptr) known_.push_back(to);
    return is_one_of(s, {STATUS_SUCCESS, STATUS_OBJECT_NAME_EXISTS}) && to != nullptr;
  }
  template <class... Others>
  bool fine(NTSTATUS s, Others... others) {
    return s == STATUS_SUCCESS || is_refusal(s) || is_one_of(s, {others...});
  }

  std::minstd_rand random_;
  std::vector<HANDLE> known_;
};

TEST_CASE("whatever handles are used for, and closed by whom, each call answers as it may") {
  const int steps = scaled(100'000);
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  weir::test::crew threads;
  for (unsigned t = 0; t < 3; ++t) {
    threads.add([=] {
      chaos c(seed + t);
      for (int i = 0; i < steps; ++i) {
        if (!c.step()) return weir::test::fail("step " + std::to_string(i) + " of thread " + std::to_string(t));
      }
    });
  }
  CHECK(threads.join() == "");
  // Threads close each other's handles, so some numbers are forgotten by all; what is left is closed here.
  for (ULONG_PTR h = 4; h < 400'000; h += 4) static_cast<void>(NtClose(reinterpret_cast<HANDLE>(h)));
  CHECK(detail::own_handles().count() == 0);
  // Timers that were set have a thread, which has an event; this thread may have four objects.
  CHECK(weir::test::eventually([] {
    weir::rcu::default_domain().barrier();
    return detail::own_segment().objects() <= 6;
  }));
}

TEST_CASE("what was not to be written is not, and nothing has changed") {
  const handle e = automatic();
  EVENT_BASIC_INFORMATION info{SynchronizationEvent, 77};
  ULONG length = 77;
  CHECK(NtQueryEvent(e, static_cast<EVENT_INFORMATION_CLASS>(1), &info, sizeof info, &length) ==
        STATUS_INVALID_INFO_CLASS);
  CHECK(NtQueryEvent(e, EventBasicInformation, &info, sizeof info + 1, &length) == STATUS_INFO_LENGTH_MISMATCH);
  CHECK(NtQueryEvent(e, EventBasicInformation, nullptr, sizeof info, &length) == STATUS_ACCESS_VIOLATION);
  CHECK(NtQueryMutant(e, MutantBasicInformation, &info, sizeof info, &length) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(info.EventState == 77);
  CHECK(length == 77);
  CHECK(NtDelayExecution(0, nullptr) == STATUS_ACCESS_VIOLATION);
  CHECK(NtQuerySystemTime(nullptr) == STATUS_ACCESS_VIOLATION);
  CHECK(NtWaitForMultipleObjects(1, nullptr, WaitAny, 0, &zero) == STATUS_ACCESS_VIOLATION);
  CHECK(RtlWaitOnAddress(nullptr, &length, 4, &zero) == STATUS_ACCESS_VIOLATION);
  CHECK(NtYieldExecution() == STATUS_SUCCESS);
}

}  // namespace
