// Keyed events, addresses and timers: items 114 to 124 of the list of what NT does.
#include <chrono>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;
using weir::test::eventually;
using weir::test::scaled;

alignas(8) char keys[16];
const void* const key = &keys[0];
const void* const other_key = &keys[8];

TEST_CASE("nt 114: an odd key is refused before the handle is looked at") {
  CHECK(NtWaitForKeyedEvent(automatic(), &keys[1], 0, &zero) == STATUS_INVALID_PARAMETER_1);
  CHECK(NtReleaseKeyedEvent(reinterpret_cast<HANDLE>(0x7777774), &keys[1], 0, &zero) == STATUS_INVALID_PARAMETER_1);
  CHECK(NtWaitForKeyedEvent(automatic(), key, 0, &zero) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtReleaseKeyedEvent(reinterpret_cast<HANDLE>(0x7777774), key, 0, &zero) == STATUS_INVALID_HANDLE);
}

TEST_CASE("nt 115: who waits and who releases meet in pairs, or their time is up") {
  const handle k = keyed();
  const LARGE_INTEGER soon = milliseconds(2);
  CHECK(NtWaitForKeyedEvent(k, key, 0, &zero) == STATUS_TIMEOUT);
  CHECK(NtReleaseKeyedEvent(k, key, 0, &zero) == STATUS_TIMEOUT);
  CHECK(NtWaitForKeyedEvent(k, key, 0, &soon) == STATUS_TIMEOUT);
  CHECK(NtReleaseKeyedEvent(k, key, 0, &soon) == STATUS_TIMEOUT);
  {
    blocked waiter([&] { return NtWaitForKeyedEvent(k, key, 0, nullptr); });
    REQUIRE(eventually([&] { return waiter.meets(); }));
    CHECK(NtReleaseKeyedEvent(k, other_key, 0, &zero) == STATUS_TIMEOUT);
    CHECK(NtReleaseKeyedEvent(keyed(), key, 0, &zero) == STATUS_TIMEOUT);
    CHECK(NtWaitForKeyedEvent(k, key, 0, &zero) == STATUS_TIMEOUT);
    CHECK(NtReleaseKeyedEvent(k, key, 0, &zero) == STATUS_SUCCESS);
    CHECK(waiter.result() == STATUS_SUCCESS);
  }
  blocked releaser([&] { return NtReleaseKeyedEvent(k, key, 0, nullptr); });
  REQUIRE(eventually([&] { return releaser.meets(); }));
  CHECK(NtWaitForKeyedEvent(k, key, 0, nullptr) == STATUS_SUCCESS);
  CHECK(releaser.result() == STATUS_SUCCESS);
}

TEST_CASE("those who wait at a key are released in their order, and an APC interrupts one") {
  handle k = keyed();
  std::atomic<int> order{0};
  const auto take = [&] {
    const NTSTATUS s = NtWaitForKeyedEvent(k, key, 1, nullptr);
    return s == STATUS_SUCCESS ? order.fetch_add(1, std::memory_order_relaxed) : s;
  };
  blocked first(take);
  REQUIRE(eventually([&] { return first.meets(); }));
  blocked interrupted(take);
  REQUIRE(eventually([&] { return interrupted.meets(); }));
  blocked second(take);
  REQUIRE(eventually([&] { return second.meets(); }));
  CHECK(NtAlertThread(interrupted.thread()) == STATUS_SUCCESS);
  CHECK(interrupted.result() == STATUS_ALERTED);
  const handle same = duplicate(k, 0, DUPLICATE_SAME_ACCESS);
  k.close();  // the waits keep it
  CHECK(NtReleaseKeyedEvent(same, key, 0, nullptr) == STATUS_SUCCESS);
  CHECK(first.result() == 0);
  CHECK(NtReleaseKeyedEvent(same, key, 0, nullptr) == STATUS_SUCCESS);
  CHECK(second.result() == 1);
}

TEST_CASE("nt 116: no handle is the process's own keyed event") {
  blocked waiter([&] { return NtWaitForKeyedEvent(nullptr, key, 0, nullptr); });
  CHECK(NtReleaseKeyedEvent(nullptr, key, 0, nullptr) == STATUS_SUCCESS);
  CHECK(waiter.result() == STATUS_SUCCESS);
}

TEST_CASE("nt 117: to wait and to wake are rights of their own, and nobody waits for a keyed event itself") {
  const handle k = keyed();
  CHECK(NtReleaseKeyedEvent(with(k, KEYEDEVENT_WAIT), key, 0, &zero) == STATUS_ACCESS_DENIED);
  CHECK(NtWaitForKeyedEvent(with(k, KEYEDEVENT_WAIT), key, 0, &zero) == STATUS_TIMEOUT);
  CHECK(NtWaitForKeyedEvent(with(k, KEYEDEVENT_WAKE), key, 0, &zero) == STATUS_ACCESS_DENIED);
  CHECK(NtReleaseKeyedEvent(with(k, KEYEDEVENT_WAKE), key, 0, &zero) == STATUS_TIMEOUT);
  CHECK(poll(k) == STATUS_ACCESS_DENIED);
  handle h;
  CHECK(NtCreateKeyedEvent(h.to(), KEYEDEVENT_ALL_ACCESS, nullptr, 1) == STATUS_INVALID_PARAMETER);
}

TEST_CASE("whoever meets at a key does so once, whatever times are up") {
  const handle k = keyed();
  const int rounds = scaled(20'000);
  std::atomic<int> met[2] = {};
  const auto side = [&](int which, bool short_time) {
    for (int i = 0; i < rounds; ++i) {
      const LARGE_INTEGER soon = ticks(short_time ? -(i % 50) : -2'000);
      const NTSTATUS s = which == 0 ? NtWaitForKeyedEvent(k, key, 0, &soon) : NtReleaseKeyedEvent(k, key, 0, &soon);
      if (s == STATUS_SUCCESS) met[which].fetch_add(1, std::memory_order_relaxed);
    }
    return STATUS_SUCCESS;
  };
  {
    blocked waits([&] { return side(0, true); });
    blocked releases([&] { return side(1, false); });
    blocked also_waits([&] { return side(0, false); });
  }
  CHECK(met[0].load(std::memory_order_relaxed) == met[1].load(std::memory_order_relaxed));
}

TEST_CASE("nt 118, 119: a wait at an address compares so many bytes") {
  alignas(8) std::uint64_t value = 0x1122334455667788;
  for (const SIZE_T size : {0u, 3u, 5u, 6u, 7u, 9u, 16u}) {
    CHECK(RtlWaitOnAddress(&value, &value, size, &zero) == STATUS_INVALID_PARAMETER);
  }
  for (const SIZE_T size : {1u, 2u, 4u, 8u}) {
    std::uint64_t compare = value;
    CHECK(RtlWaitOnAddress(&value, &compare, size, &zero) == STATUS_TIMEOUT);
    auto* const bytes = reinterpret_cast<unsigned char*>(&compare);
    bytes[size - 1] ^= 1;
    CHECK(RtlWaitOnAddress(&value, &compare, size, nullptr) == STATUS_SUCCESS);
    bytes[size - 1] ^= 1;
    if (size < 8) bytes[size] ^= 1;
    CHECK(RtlWaitOnAddress(&value, &compare, size, &zero) == STATUS_TIMEOUT);
  }
  const LARGE_INTEGER soon = milliseconds(2);
  CHECK(RtlWaitOnAddress(&value, &value, 8, &soon) == STATUS_TIMEOUT);
}

TEST_CASE("nt 120: a wake at an address is for those who wait, and not remembered") {
  std::atomic<std::uint32_t> value{0};
  std::uint32_t was = 0;
  RtlWakeAddressSingle(&value);
  RtlWakeAddressAll(&value);
  CHECK(RtlWaitOnAddress(&value, &was, 4, &zero) == STATUS_TIMEOUT);
  const auto sleep = [&] { return RtlWaitOnAddress(&value, &was, 4, nullptr); };
  blocked first(sleep);
  REQUIRE(eventually([&] { return first.meets(); }));
  blocked second(sleep);
  blocked third(sleep);
  REQUIRE(eventually([&] { return second.meets() && third.meets(); }));
  RtlWakeAddressSingle(reinterpret_cast<char*>(&value) + 1);
  CHECK(first.meets());
  RtlWakeAddressSingle(&value);
  CHECK(first.result() == STATUS_SUCCESS);
  CHECK(second.meets());
  RtlWakeAddressAll(&value);
  CHECK(second.result() == STATUS_SUCCESS);
  CHECK(third.result() == STATUS_SUCCESS);
}

TEST_CASE("nobody sleeps at an address past a wake, also if its time is up at that moment") {
  std::atomic<std::uint32_t> turn{0};
  const auto rounds = static_cast<std::uint32_t>(scaled(20'000)) & ~1u;
  const auto play = [&](std::uint32_t me) {
    for (std::uint32_t i = me; i < rounds; i += 2) {
      for (std::uint32_t now = turn.load(std::memory_order_acquire); now != i;
           now = turn.load(std::memory_order_acquire)) {
        const LARGE_INTEGER soon = ticks(-static_cast<LONGLONG>(i % 30));
        static_cast<void>(RtlWaitOnAddress(&turn, &now, 4, i % 3 == 0 ? &soon : nullptr));
      }
      turn.store(i + 1, std::memory_order_release);
      RtlWakeAddressSingle(&turn);
    }
    return STATUS_SUCCESS;
  };
  blocked even([&] { return play(0); });
  blocked odd([&] { return play(1); });
  CHECK(even.result() == STATUS_SUCCESS);
  CHECK(odd.result() == STATUS_SUCCESS);
  CHECK(turn.load(std::memory_order_relaxed) == rounds);
}

TIMER_BASIC_INFORMATION info_of(HANDLE t) {
  TIMER_BASIC_INFORMATION info{};
  info.TimerState = 77;
  static_cast<void>(NtQueryTimer(t, TimerBasicInformation, &info, sizeof info, nullptr));
  return info;
}
NTSTATUS set(HANDLE t, LONGLONG due, LONG period = 0, BOOLEAN* previous = nullptr) {
  const LARGE_INTEGER at = ticks(due);
  return NtSetTimer(t, &at, nullptr, nullptr, 0, period, previous);
}

TEST_CASE("nt 121: an auto timer expires once, and a wait takes it") {
  const handle t = timer(SynchronizationTimer);
  CHECK(poll(t) == STATUS_TIMEOUT);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(set(t, -50'000) == STATUS_SUCCESS);
  CHECK(info_of(t).RemainingTime.QuadPart <= 50'000);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(5));
  CHECK(poll(t) == STATUS_TIMEOUT);
  CHECK(set(t, 0) == STATUS_SUCCESS);
  CHECK(poll(t) == STATUS_WAIT_0);
  CHECK(set(t, 1) == STATUS_SUCCESS);  // 1601
  CHECK(poll(t) == STATUS_WAIT_0);
  CHECK(info_of(t).TimerState == 0);
}

TEST_CASE("nt 122: Set tells the state before, and takes it away; Cancel tells it") {
  const handle t = timer(SynchronizationTimer);
  BOOLEAN previous = 77;
  CHECK(set(t, 0, 0, &previous) == STATUS_SUCCESS);
  CHECK(previous == 0);
  CHECK(set(t, -36'000'000'000, 0, &previous) == STATUS_SUCCESS);
  CHECK(previous == 1);
  CHECK(poll(t) == STATUS_TIMEOUT);
  const LONGLONG left = info_of(t).RemainingTime.QuadPart;
  CHECK(left > 35'000'000'000);
  CHECK(left <= 36'000'000'000);
  BOOLEAN current = 77;
  CHECK(NtCancelTimer(t, &current) == STATUS_SUCCESS);
  CHECK(current == 0);
  CHECK(info_of(t).RemainingTime.QuadPart <= 0);
  CHECK(set(t, 0) == STATUS_SUCCESS);
  CHECK(NtCancelTimer(t, &current) == STATUS_SUCCESS);
  CHECK(current == 1);
  CHECK(poll(t) == STATUS_WAIT_0);
  CHECK(NtCancelTimer(t, &current) == STATUS_SUCCESS);
  CHECK(current == 0);
}

TEST_CASE("nt 123: a periodic timer is signaled again and again, a manual one stays until it is set") {
  const handle t = timer(SynchronizationTimer);
  CHECK(set(t, 0, 1) == STATUS_SUCCESS);
  for (int i = 0; i < 5; ++i) CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(NtCancelTimer(t, nullptr) == STATUS_SUCCESS);
  const handle m = timer(NotificationTimer);
  CHECK(set(m, -10'000) == STATUS_SUCCESS);
  CHECK(wait(m) == STATUS_WAIT_0);
  CHECK(wait(m) == STATUS_WAIT_0);
  CHECK(info_of(m).TimerState == 1);
  CHECK(set(m, -36'000'000'000) == STATUS_SUCCESS);
  CHECK(poll(m) == STATUS_TIMEOUT);
}

struct seen {
  int times = 0;
  LONGLONG at = 0;
};
VOID NTAPI count_apc(PVOID context, ULONG low, LONG high) {
  auto& s = *static_cast<seen*>(context);
  ++s.times;
  s.at = static_cast<LONGLONG>(high) << 32 | low;
}

TEST_CASE("nt 124: a timer's APC runs in an alertable wait of the thread that has set it") {
  const handle t = timer(NotificationTimer);
  seen s;
  LARGE_INTEGER begin{};
  CHECK(NtQuerySystemTime(&begin) == STATUS_SUCCESS);
  const LARGE_INTEGER soon = milliseconds(1);
  CHECK(NtSetTimer(t, &soon, count_apc, &s, 0, 0, nullptr) == STATUS_SUCCESS);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(s.times == 0);
  CHECK(poll(t, true) == STATUS_WAIT_0);  // the object first
  CHECK(s.times == 0);
  CHECK(NtDelayExecution(1, &zero) == STATUS_USER_APC);
  CHECK(s.times == 1);
  CHECK(s.at >= begin.QuadPart);
  // Cancelled, or set anew, it takes the APC back that has not run.
  CHECK(NtSetTimer(t, &zero, count_apc, &s, 0, 0, nullptr) == STATUS_SUCCESS);
  CHECK(NtCancelTimer(t, nullptr) == STATUS_SUCCESS);
  CHECK(NtDelayExecution(1, &zero) == STATUS_SUCCESS);
  CHECK(NtSetTimer(t, &zero, count_apc, &s, 0, 0, nullptr) == STATUS_SUCCESS);
  CHECK(set(t, -36'000'000'000) == STATUS_SUCCESS);
  CHECK(NtDelayExecution(1, &zero) == STATUS_SUCCESS);
  CHECK(s.times == 1);
  CHECK(NtSetTimer(t, &zero, count_apc, &s, 0, 1, nullptr) == STATUS_SUCCESS);
  const LARGE_INTEGER hour = milliseconds(3'600'000);
  for (int i = 0; i < 3; ++i) CHECK(NtDelayExecution(1, &hour) == STATUS_USER_APC);
  CHECK(s.times == 4);
  CHECK(NtCancelTimer(t, nullptr) == STATUS_SUCCESS);
}

TEST_CASE("a timer with an APC whose thread has ended is signaled all the same") {
  const handle t = timer(SynchronizationTimer);
  seen s;
  blocked setter([&] {
    const LARGE_INTEGER soon = milliseconds(3);
    return NtSetTimer(t, &soon, count_apc, &s, 0, 1, nullptr);
  });
  CHECK(setter.result() == STATUS_SUCCESS);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(s.times == 0);
}

TEST_CASE("a timer without handles is not set any more, unless somebody waits for it") {
  HANDLE t = nullptr;
  REQUIRE(NtCreateTimer(&t, TIMER_ALL_ACCESS, nullptr, SynchronizationTimer) == STATUS_SUCCESS);
  CHECK(set(t, -100'000, 0) == STATUS_SUCCESS);
  blocked waiter([&] { return wait(t); });
  REQUIRE(eventually([&] { return waiting(t) == 1 || waiter.is_over(); }));
  CHECK(NtClose(t) == STATUS_SUCCESS);
  CHECK(waiter.result() == STATUS_WAIT_0);
  REQUIRE(NtCreateTimer(&t, TIMER_ALL_ACCESS, nullptr, SynchronizationTimer) == STATUS_SUCCESS);
  CHECK(set(t, -36'000'000'000, 1) == STATUS_SUCCESS);
  CHECK(NtClose(t) == STATUS_SUCCESS);
  weir::rcu::default_domain().barrier();
}

TEST_CASE("an APC that a timer has queued runs, though the timer was closed") {
  handle t = timer(NotificationTimer);
  seen s;
  CHECK(NtSetTimer(t, &zero, count_apc, &s, 0, 0, nullptr) == STATUS_SUCCESS);
  CHECK(wait(t) == STATUS_WAIT_0);
  t.close();
  weir::rcu::default_domain().barrier();
  CHECK(NtDelayExecution(1, &zero) == STATUS_USER_APC);
  CHECK(s.times == 1);
  CHECK(NtDelayExecution(1, &zero) == STATUS_SUCCESS);
}

TEST_CASE("what a timer refuses") {
  const handle t = timer(NotificationTimer);
  HANDLE h = nullptr;
  CHECK(NtCreateTimer(&h, TIMER_ALL_ACCESS, nullptr, static_cast<TIMER_TYPE>(2)) == STATUS_INVALID_PARAMETER);
  CHECK(NtSetTimer(t, nullptr, nullptr, nullptr, 0, 0, nullptr) == STATUS_ACCESS_VIOLATION);
  CHECK(set(t, 0, -1) == STATUS_INVALID_PARAMETER_6);
  CHECK(set(with(t, TIMER_QUERY_STATE), 0) == STATUS_ACCESS_DENIED);
  CHECK(NtCancelTimer(with(t, TIMER_QUERY_STATE), nullptr) == STATUS_ACCESS_DENIED);
  CHECK(set(automatic(), 0) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtCancelTimer(automatic(), nullptr) == STATUS_OBJECT_TYPE_MISMATCH);
  TIMER_BASIC_INFORMATION info{};
  CHECK(NtQueryTimer(with(t, TIMER_MODIFY_STATE), TimerBasicInformation, &info, sizeof info, nullptr) ==
        STATUS_ACCESS_DENIED);
  CHECK(NtQueryTimer(t, TimerBasicInformation, &info, 4, nullptr) == STATUS_INFO_LENGTH_MISMATCH);
  CHECK(poll(t) == STATUS_TIMEOUT);
}

TEST_CASE("nt 79, of timers: whoever sets the wall clock moves those for a moment, and no others") {
  // Longer than the timers that look at it: the last of them is cancelled, and so its thread sleeps for ever.
  static hands* const clock = new hands;
  const handle relative = timer(NotificationTimer);
  const handle absolute = timer(NotificationTimer);
  LARGE_INTEGER now{};
  CHECK(NtQuerySystemTime(&now) == STATUS_SUCCESS);
  CHECK(set(relative, -36'000'000'000) == STATUS_SUCCESS);
  CHECK(set(absolute, now.QuadPart + 2 * 36'000'000'000) == STATUS_SUCCESS);
  CHECK(info_of(absolute).RemainingTime.QuadPart == 2 * 36'000'000'000);
  clock->day.fetch_add(7'200'000'000'000, std::memory_order_relaxed);
  CHECK(wait(absolute) == STATUS_WAIT_0);
  CHECK(info_of(relative).RemainingTime.QuadPart == 36'000'000'000);
  CHECK(poll(relative) == STATUS_TIMEOUT);
  clock->now.fetch_add(3'600'000'000'000, std::memory_order_relaxed);
  CHECK(wait(relative) == STATUS_WAIT_0);
  const handle last = timer(SynchronizationTimer);
  CHECK(set(last, -1) == STATUS_SUCCESS);
  CHECK(NtCancelTimer(last, nullptr) == STATUS_SUCCESS);
  detail::own_segment().measure_by(nullptr);
}

TEST_CASE("many timers, each at its time and in their order") {
  constexpr int many = 50;
  std::vector<handle> timers;
  timers.reserve(many);
  for (int i = 0; i < many; ++i) timers.push_back(timer(NotificationTimer));
  for (int i = 0; i < many; ++i) {
    const int place = i * 17 % many;
    CHECK(set(timers[static_cast<std::size_t>(place)], LONGLONG{-10'000} * (1 + place)) == STATUS_SUCCESS);
  }
  for (int i = 0; i < many; i += 3)
    CHECK(NtCancelTimer(timers[static_cast<std::size_t>(i)], nullptr) == STATUS_SUCCESS);
  int late = 0;
  for (int i = 0; i < many; ++i) {
    if (i % 3 == 0) continue;
    CHECK(wait(timers[static_cast<std::size_t>(i)]) == STATUS_WAIT_0);
    for (int before = 0; before < i; ++before) {
      if (before % 3 != 0 && poll(timers[static_cast<std::size_t>(before)]) != STATUS_WAIT_0) ++late;
    }
  }
  CHECK(late == 0);
}

}  // namespace
