// Waits by handles: items 55 to 80 of the list of what NT does.
#include <array>
#include <chrono>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;
using weir::test::eventually;
using weir::test::scaled;

NTSTATUS any(const std::vector<HANDLE>& h, const LARGE_INTEGER* time = &zero) {
  return NtWaitForMultipleObjects(static_cast<ULONG>(h.size()), h.data(), WaitAny, 0, time);
}
NTSTATUS all(const std::vector<HANDLE>& h, const LARGE_INTEGER* time = &zero) {
  return NtWaitForMultipleObjects(static_cast<ULONG>(h.size()), h.data(), WaitAll, 0, time);
}

TEST_CASE("nt 55, 56: a wait is for 1 to 64 objects") {
  std::vector<handle> events;
  std::vector<HANDLE> h;
  for (int i = 0; i < 65; ++i) {
    events.push_back(automatic());
    h.push_back(events.back());
  }
  CHECK(NtWaitForMultipleObjects(0, h.data(), WaitAny, 0, &zero) == STATUS_INVALID_PARAMETER_1);
  CHECK(any(h) == STATUS_INVALID_PARAMETER_1);
  CHECK(all(h) == STATUS_INVALID_PARAMETER_1);
  h.pop_back();
  CHECK(any(h) == STATUS_TIMEOUT);
  CHECK(NtSetEvent(h[63], nullptr) == STATUS_SUCCESS);
  CHECK(any(h) == STATUS_WAIT_63);
  CHECK(state(h[63]) == 0);
  for (const HANDLE e : h) CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(all(h) == STATUS_WAIT_0);
  CHECK(all(h) == STATUS_TIMEOUT);
}

TEST_CASE("nt 57: the lowest index wins, and only that object is taken") {
  const handle a = automatic();
  const handle b = automatic(true);
  const handle c = automatic(true);
  CHECK(any({a, b, c}) == STATUS_WAIT_1);
  CHECK(state(b) == 0);
  CHECK(state(c) == 1);
}

TEST_CASE("nt 58, 59: a bad handle, or one that may not, anywhere refuses the whole wait") {
  const handle a = automatic(true);
  const handle weak = with(a, EVENT_MODIFY_STATE);
  HANDLE closed = nullptr;
  {
    const handle h = automatic(true);
    closed = h;
  }
  for (const auto wait : {any, all}) {
    CHECK(wait({a, closed}, &zero) == STATUS_INVALID_HANDLE);
    CHECK(wait({a, nullptr}, &zero) == STATUS_INVALID_HANDLE);
    CHECK(wait({a, weak}, &zero) == STATUS_ACCESS_DENIED);
  }
  CHECK(state(a) == 1);
  CHECK(poll(closed) == STATUS_INVALID_HANDLE);
}

TEST_CASE("nt 60: the low two bits of a handle are ignored") {
  const handle a = automatic(true);
  const auto low = [](HANDLE h, unsigned bits) {
    return reinterpret_cast<HANDLE>(reinterpret_cast<ULONG_PTR>(h) | bits);
  };
  CHECK(poll(low(a, 3)) == STATUS_WAIT_0);
  CHECK(NtSetEvent(low(a, 1), nullptr) == STATUS_SUCCESS);
  CHECK(any({low(a, 2)}) == STATUS_WAIT_0);
}

TEST_CASE("nt 61: pseudo-handles are for single waits, as on Windows") {
  CHECK(poll(NtCurrentProcess()) == STATUS_TIMEOUT);
  CHECK(poll(NtCurrentThread()) == STATUS_TIMEOUT);
  const handle a = automatic(true);
  CHECK(any({a, NtCurrentProcess()}) == STATUS_INVALID_HANDLE);
  CHECK(any({NtCurrentThread()}) == STATUS_INVALID_HANDLE);
  CHECK(state(a) == 1);
  const handle process = duplicate(NtCurrentProcess(), 0, DUPLICATE_SAME_ACCESS);
  CHECK(poll(process) == STATUS_TIMEOUT);
}

TEST_CASE("nt 62: the same object twice in a wait for any is its lower index") {
  const handle a = automatic(true);
  const handle same = with(a, SYNCHRONIZE);
  const handle b = automatic();
  CHECK(any({b, a, same, a}) == STATUS_WAIT_1);
  CHECK(any({b, a, same, a}) == STATUS_TIMEOUT);
  blocked waiter([&] { return any({b, same, a}, nullptr); });
  REQUIRE(seen_waiting(b, 1));
  CHECK(NtSetEvent(a, nullptr) == STATUS_SUCCESS);
  CHECK(waiter.result() == STATUS_WAIT_1);
}

TEST_CASE("nt 63: the same object twice in a wait for all is refused, as on Windows") {
  const handle a = manual(true);
  const handle same = with(a, SYNCHRONIZE);
  CHECK(all({a, a}) == STATUS_INVALID_PARAMETER_MIX);
  CHECK(all({a, same}) == STATUS_INVALID_PARAMETER_MIX);
  const handle s = semaphore(2, 2);
  CHECK(all({s, s}) == STATUS_INVALID_PARAMETER_MIX);
  CHECK(count(s) == 2);
  const handle unready = automatic();
  CHECK(all({unready, a, a}, nullptr) == STATUS_INVALID_PARAMETER_MIX);
}

TEST_CASE("nt 64, 65: a wait for all takes all or nothing") {
  const handle e = automatic(true);
  const handle s = semaphore(1, 1);
  const handle m = mutant();
  const handle last = automatic();
  CHECK(all({e, s, m, last}) == STATUS_TIMEOUT);
  const LARGE_INTEGER soon = milliseconds(1);
  CHECK(all({e, s, m, last}, &soon) == STATUS_TIMEOUT);
  CHECK(state(e) == 1);
  CHECK(count(s) == 1);
  CHECK(is(mutant_state(m), 1, false, false));
  CHECK(NtSetEvent(last, nullptr) == STATUS_SUCCESS);
  CHECK(all({e, s, m, last}) == STATUS_WAIT_0);
  CHECK(state(e) == 0);
  CHECK(count(s) == 0);
  CHECK(is(mutant_state(m), 0, true, false));
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
}

TEST_CASE("nt 66, 67: objects of a wait for all may be taken by others until the last is signaled") {
  const handle a = automatic();
  const handle b = automatic();
  const handle m = manual(true);
  blocked waiter([&] { return all({a, b, m}, nullptr); });
  REQUIRE(seen_waiting(a, 1));
  CHECK(NtSetEvent(a, nullptr) == STATUS_SUCCESS);
  CHECK(poll(a) == STATUS_WAIT_0);
  CHECK(NtSetEvent(b, nullptr) == STATUS_SUCCESS);
  CHECK(waiting(a) == 1);
  CHECK(state(b) == 1);
  CHECK(NtSetEvent(a, nullptr) == STATUS_SUCCESS);
  CHECK(waiter.result() == STATUS_WAIT_0);
  CHECK(state(a) == 0);
  CHECK(state(b) == 0);
  CHECK(state(m) == 1);
}

TEST_CASE("nt 68: a wait for all with a mutant that the caller owns counts it once more") {
  const handle m = mutant(true);
  const handle e = automatic(true);
  CHECK(all({m, e}) == STATUS_WAIT_0);
  CHECK(is(mutant_state(m), -1, true, false));
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
  CHECK(NtReleaseMutant(m, nullptr) == STATUS_SUCCESS);
}

TEST_CASE("nt 69: nobody sees half of a wait for all") {
  // One thread takes both events and gives them back; another sees at no time one without the other, if it takes them
  // by a wait for all itself: it has both, or neither.
  const handle a = automatic(true);
  const handle b = automatic(true);
  std::atomic<int> inside{0};
  std::atomic<int> wrong{0};
  const int rounds = scaled(5'000);
  const auto turns = [&] {
    for (int i = 0; i < rounds; ++i) {
      if (all({a, b}, nullptr) != STATUS_WAIT_0) wrong.fetch_add(1, std::memory_order_relaxed);
      if (inside.fetch_add(1, std::memory_order_acq_rel) != 0) wrong.fetch_add(1, std::memory_order_relaxed);
      if (state(a) != 0 || state(b) != 0) wrong.fetch_add(1, std::memory_order_relaxed);
      inside.fetch_sub(1, std::memory_order_acq_rel);
      static_cast<void>(NtSetEvent(b, nullptr));
      static_cast<void>(NtSetEvent(a, nullptr));
    }
    return STATUS_SUCCESS;
  };
  blocked one(turns);
  blocked two(turns);
  CHECK(one.result() == STATUS_SUCCESS);
  CHECK(two.result() == STATUS_SUCCESS);
  CHECK(wrong.load(std::memory_order_relaxed) == 0);
}

TEST_CASE("nt 69: a wait for all that fails is seen by nobody") {
  const handle there = automatic(true);
  const handle never = automatic();
  std::atomic<bool> over{false};
  blocked fails([&] {
    const LARGE_INTEGER soon = ticks(-500);
    NTSTATUS last = STATUS_TIMEOUT;
    for (int i = 0; last == STATUS_TIMEOUT && !over.load(std::memory_order_relaxed); ++i) {
      last = all({there, never}, i % 2 == 0 ? &zero : &soon);
    }
    return last;
  });
  int missing = 0;
  for (int i = 0; i < scaled(20'000); ++i) {
    if (poll(there) != STATUS_WAIT_0) ++missing;
    static_cast<void>(NtSetEvent(there, nullptr));
  }
  over.store(true, std::memory_order_relaxed);
  CHECK(fails.result() == STATUS_TIMEOUT);
  CHECK(missing == 0);
}

TEST_CASE("nt 70: a wait of type 2 is none, as on Windows") {
  const handle a = automatic(true);
  const HANDLE h = a;
  CHECK(NtWaitForMultipleObjects(1, &h, static_cast<WAIT_TYPE>(2), 0, &zero) == STATUS_INVALID_PARAMETER_3);
  CHECK(state(a) == 1);
}

TEST_CASE("nt 73: closing a handle does not end a wait for its object") {
  HANDLE e = nullptr;
  REQUIRE(NtCreateEvent(&e, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, 0) == STATUS_SUCCESS);
  const handle other = automatic();
  blocked waiter([&] { return any({other, e}, nullptr); });
  REQUIRE(seen_waiting(e, 1));
  CHECK(NtClose(e) == STATUS_SUCCESS);
  CHECK(poll(e) == STATUS_INVALID_HANDLE);
  CHECK(waiting(other) == 1);
  CHECK(NtSetEvent(other, nullptr) == STATUS_SUCCESS);
  CHECK(waiter.result() == STATUS_WAIT_0);
  const LARGE_INTEGER soon = milliseconds(20);
  REQUIRE(NtCreateEvent(&e, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, 0) == STATUS_SUCCESS);
  blocked late([&] { return NtWaitForSingleObject(e, 0, &soon); });
  CHECK(eventually([&] { return waiting(e) == 1 || late.is_over(); }));
  CHECK(NtClose(e) == STATUS_SUCCESS);
  CHECK(late.result() == STATUS_TIMEOUT);
}

TEST_CASE("nt 74: a handle's number that is used again does not redirect a wait") {
  HANDLE first = nullptr;
  REQUIRE(NtCreateEvent(&first, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, 0) == STATUS_SUCCESS);
  const handle kept = duplicate(first, 0, DUPLICATE_SAME_ACCESS);
  blocked waiter([&] { return wait(first); });
  REQUIRE(seen_waiting(kept, 1));
  CHECK(NtClose(first) == STATUS_SUCCESS);
  HANDLE again = nullptr;
  REQUIRE(NtCreateEvent(&again, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, 0) == STATUS_SUCCESS);
  CHECK(again == first);
  CHECK(NtSetEvent(again, nullptr) == STATUS_SUCCESS);
  CHECK(waiting(kept) == 1);
  CHECK(state(again) == 1);
  CHECK(NtSetEvent(kept, nullptr) == STATUS_SUCCESS);
  CHECK(waiter.result() == STATUS_WAIT_0);
  CHECK(NtClose(again) == STATUS_SUCCESS);
}

TEST_CASE("nt 75, 76: a time-out of zero does not block, and none is for ever") {
  const handle e = automatic();
  CHECK(poll(e) == STATUS_TIMEOUT);
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(poll(e) == STATUS_WAIT_0);
  blocked waiter([&] { return wait(e); });
  REQUIRE(seen_waiting(e, 1));
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(waiter.result() == STATUS_WAIT_0);
}

TEST_CASE("nt 77: a moment that has passed is a time-out, unless the object is signaled") {
  const handle e = automatic();
  const LARGE_INTEGER past = ticks(1);
  CHECK(NtWaitForSingleObject(e, 0, &past) == STATUS_TIMEOUT);
  CHECK(NtSetEvent(e, nullptr) == STATUS_SUCCESS);
  CHECK(NtWaitForSingleObject(e, 0, &past) == STATUS_WAIT_0);
}

TEST_CASE("nt 78: a wait until a moment ends at that moment, and one for a time after that time") {
  const handle e = automatic();
  const auto took = [&](LONGLONG time) {
    const auto begin = std::chrono::steady_clock::now();
    const LARGE_INTEGER t = ticks(time);
    CHECK(NtWaitForSingleObject(e, 0, &t) == STATUS_TIMEOUT);
    return std::chrono::steady_clock::now() - begin;
  };
  CHECK(took(-300'000) >= std::chrono::milliseconds(30));
  LARGE_INTEGER now{};
  CHECK(NtQuerySystemTime(&now) == STATUS_SUCCESS);
  const auto absolute = took(now.QuadPart + 300'000);
  CHECK(absolute >= std::chrono::milliseconds(20));  // read after now
  CHECK(waiting(e) == 0);
}

TEST_CASE("nt 79: whoever sets the wall clock moves waits until a moment, and no others") {
  hands clock;
  const handle e = automatic();
  LARGE_INTEGER now{};
  CHECK(NtQuerySystemTime(&now) == STATUS_SUCCESS);
  CHECK(now.QuadPart == 133'444'736'000'000'000);  // 2023-11-14 22:13:20 UTC
  const LARGE_INTEGER hour = ticks(-36'000'000'000);
  const LARGE_INTEGER until = ticks(now.QuadPart + 36'000'000'000);
  blocked relative([&] { return NtWaitForSingleObject(e, 0, &hour); });
  REQUIRE(seen_waiting(e, 1));
  blocked absolute([&] { return NtWaitForSingleObject(e, 0, &until); });
  REQUIRE(seen_waiting(e, 2));
  clock.day.fetch_add(3'601'000'000'000, std::memory_order_relaxed);  // an hour and a second
  CHECK(absolute.result() == STATUS_TIMEOUT);
  CHECK(waiting(e) == 1);
  clock.now.fetch_add(3'601'000'000'000, std::memory_order_relaxed);
  CHECK(relative.result() == STATUS_TIMEOUT);
}

TEST_CASE("nt 80: waits order stores and loads, as full barriers do") {
  const handle a = manual(true);
  const handle b = manual(true);
  const int rounds = scaled(20'000);
  std::atomic<int> x{0};
  std::atomic<int> y{0};
  int seen_x = 0;
  int seen_y = 0;
  int both_missed = 0;
  std::atomic<int> arrived{0};
  const auto meet = [&](int round) {
    arrived.fetch_add(1, std::memory_order_acq_rel);
    while (arrived.load(std::memory_order_acquire) < 2 * round) std::this_thread::yield();
  };
  const auto side = [&](std::atomic<int>& mine, std::atomic<int>& others, HANDLE h, int& seen, bool counts) {
    for (int i = 0; i < rounds; ++i) {
      mine.store(0, std::memory_order_relaxed);
      meet(3 * i + 1);
      mine.store(1, std::memory_order_relaxed);
      static_cast<void>(poll(h));
      seen = others.load(std::memory_order_relaxed);
      meet(3 * i + 2);
      if (counts && seen_x == 0 && seen_y == 0) ++both_missed;
      meet(3 * i + 3);
    }
    return STATUS_SUCCESS;
  };
  {
    blocked one([&] { return side(x, y, a, seen_x, true); });
    blocked two([&] { return side(y, x, b, seen_y, false); });
  }
  CHECK(both_missed == 0);
}

}  // namespace
