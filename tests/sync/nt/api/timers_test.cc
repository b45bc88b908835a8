// Timers: items 121 to 124 of the list of what NT does.
#include <array>
#include <chrono>
#include <vector>

#include "tests/support/catch.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;
using weir::test::eventually;

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

// Time that stands still until it is moved, and goes on by the system's clocks at the end.
class standing {
 public:
  standing() { detail::own_segment().measure_by(time_); }
  // The thread that serves timers may look at the clock as long as there is a timer by it.
  ~standing() {
    const handle last = timer(SynchronizationTimer);
    static_cast<void>(set(last, -1));
    static_cast<void>(NtCancelTimer(last, nullptr));
    detail::own_segment().measure_by(nullptr);
  }
  standing(const standing&) = delete;
  standing& operator=(const standing&) = delete;
  static void move(std::int64_t milliseconds) {
    time_->now.fetch_add(milliseconds * 1'000'000, std::memory_order_relaxed);
  }
  static void move_day(std::int64_t milliseconds) {
    time_->day.fetch_add(milliseconds * 1'000'000, std::memory_order_relaxed);
  }

 private:
  static inline hands* const time_ = new hands(hands::idle);
};

TEST_CASE("nt 123: periods are counted from when it was due, and those that have passed are left out") {
  const standing time;
  const handle t = timer(SynchronizationTimer);
  CHECK(set(t, -100'000, 10) == STATUS_SUCCESS);
  standing::move(13);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(info_of(t).RemainingTime.QuadPart == 70'000);
  standing::move(7);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(info_of(t).RemainingTime.QuadPart == 100'000);
  standing::move(36);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(poll(t) == STATUS_TIMEOUT);
  CHECK(info_of(t).RemainingTime.QuadPart == 40'000);
  // After a moment of the wall clock they begin when it is noticed.
  LARGE_INTEGER now{};
  CHECK(NtQuerySystemTime(&now) == STATUS_SUCCESS);
  CHECK(set(t, now.QuadPart + 100'000, 10) == STATUS_SUCCESS);
  standing::move_day(3'600'000);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(info_of(t).RemainingTime.QuadPart == 100'000);
  CHECK(NtCancelTimer(t, nullptr) == STATUS_SUCCESS);
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
}

TEST_CASE("nt 124: a periodic timer's APC runs once in each period") {
  const standing time;
  const handle t = timer(NotificationTimer);
  seen s;
  const LARGE_INTEGER hour = milliseconds(3'600'000);
  CHECK(NtSetTimer(t, &zero, count_apc, &s, 0, 1, nullptr) == STATUS_SUCCESS);
  for (int i = 1; i <= 4; ++i) {
    CHECK(NtDelayExecution(1, &hour) == STATUS_USER_APC);
    CHECK(s.times == i);
    CHECK(NtDelayExecution(1, &zero) == STATUS_SUCCESS);
    standing::move(1);
  }
  CHECK(NtCancelTimer(t, nullptr) == STATUS_SUCCESS);
}

TEST_CASE("nt 124: a timer's APC runs in no other thread") {
  const handle t = timer(NotificationTimer);
  seen s;
  weir::test::gate is_set;
  blocked setter([&] {
    const NTSTATUS is = NtSetTimer(t, &zero, count_apc, &s, 0, 0, nullptr);
    is_set.pass();
    return is == STATUS_SUCCESS ? NtDelayExecution(1, &zero) : is;
  });
  REQUIRE(is_set.await(1));
  CHECK(NtDelayExecution(1, &zero) == STATUS_SUCCESS);
  CHECK(s.times == 0);
  is_set.open();
  CHECK(setter.result() == STATUS_USER_APC);
  CHECK(s.times == 1);
}

TEST_CASE("nt 124: a timer with an APC is cancelled when the thread ends that has set it, and keeps its state") {
  const handle unset = timer(SynchronizationTimer);
  const handle was_due = timer(NotificationTimer);
  const handle set_anew = timer(SynchronizationTimer);
  const handle without = timer(SynchronizationTimer);
  seen s;
  const LARGE_INTEGER hour = milliseconds(3'600'000);
  weir::test::gate are_set;
  blocked setter([&] {
    for (const HANDLE each : {HANDLE(unset), HANDLE(set_anew), HANDLE(was_due)}) {
      if (NtSetTimer(each, each == was_due ? &zero : &hour, count_apc, &s, 0, 1'000'000, nullptr) != STATUS_SUCCESS) {
        return STATUS_UNSUCCESSFUL;
      }
    }
    are_set.pass();
    return NtSetTimer(without, &hour, nullptr, nullptr, 0, 0, nullptr);
  });
  REQUIRE(are_set.await(1));
  CHECK(NtSetTimer(set_anew, &hour, count_apc, &s, 0, 0, nullptr) == STATUS_SUCCESS);  // ours now
  are_set.open();
  CHECK(setter.result() == STATUS_SUCCESS);
  const auto is_set = [](const handle& t) { return info_of(t).RemainingTime.QuadPart > 0; };
  CHECK_FALSE(is_set(unset));
  CHECK(poll(unset) == STATUS_TIMEOUT);
  CHECK_FALSE(is_set(was_due));
  CHECK(poll(was_due) == STATUS_WAIT_0);
  CHECK(is_set(set_anew));
  CHECK(is_set(without));
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

TEST_CASE("nt 109: the name of a timer goes with its last handle, also while its APC is queued") {
  named n(u"\\BaseNamedObjects\\109 timer");
  handle t;
  handle same;
  REQUIRE(NtCreateTimer(t.to(), TIMER_ALL_ACCESS, n, NotificationTimer) == STATUS_SUCCESS);
  seen s;
  CHECK(NtSetTimer(t, &zero, count_apc, &s, 0, 0, nullptr) == STATUS_SUCCESS);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(NtOpenTimer(same.to(), TIMER_ALL_ACCESS, n) == STATUS_SUCCESS);
  same.close();
  t.close();
  CHECK(NtOpenTimer(same.to(), TIMER_ALL_ACCESS, n) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(NtDelayExecution(1, &zero) == STATUS_USER_APC);
  CHECK(s.times == 1);
}

TEST_CASE("nt 121, 122: a call of a timer that fails writes nothing") {
  const handle t = timer(NotificationTimer);
  const handle other = automatic();
  const handle without = with(t, TIMER_QUERY_STATE);
  BOOLEAN state = 77;
  CHECK(set(nullptr, 0, 0, &state) == STATUS_INVALID_HANDLE);
  CHECK(set(other, 0, 0, &state) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(set(without, 0, 0, &state) == STATUS_ACCESS_DENIED);
  CHECK(NtCancelTimer(nullptr, &state) == STATUS_INVALID_HANDLE);
  CHECK(NtCancelTimer(other, &state) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(NtCancelTimer(without, &state) == STATUS_ACCESS_DENIED);
  CHECK(set(t, 0, -1, &state) == STATUS_INVALID_PARAMETER_6);
  CHECK(NtSetTimer(t, nullptr, nullptr, nullptr, 0, 0, &state) == STATUS_ACCESS_VIOLATION);
  CHECK(state == 77);
  TIMER_BASIC_INFORMATION info{};
  info.TimerState = 77;
  ULONG length = 77;
  const auto query = [&](HANDLE h, int what, ULONG size) {
    return NtQueryTimer(h, static_cast<TIMER_INFORMATION_CLASS>(what), &info, size, &length);
  };
  CHECK(query(with(t, TIMER_MODIFY_STATE), TimerBasicInformation, sizeof info) == STATUS_ACCESS_DENIED);
  CHECK(query(other, TimerBasicInformation, sizeof info) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(query(t, TimerBasicInformation, 4) == STATUS_INFO_LENGTH_MISMATCH);
  CHECK(query(t, 1, sizeof info) == STATUS_INVALID_INFO_CLASS);
  CHECK(info.TimerState == 77);
  CHECK(length == 77);
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

TEST_CASE("timers that are due at one moment expire in the order in which they were set") {
  const standing time;
  static thread_local std::vector<int> ran;
  ran.clear();
  std::array<int, 9> numbers{};
  std::vector<handle> timers;
  LARGE_INTEGER until{};
  CHECK(NtQuerySystemTime(&until) == STATUS_SUCCESS);
  until.QuadPart += 100'000;
  for (int i = 0; i < 9; ++i) {
    numbers[static_cast<std::size_t>(i)] = i;
    timers.push_back(timer(NotificationTimer));
    const auto note = [](PVOID n, ULONG, LONG) { ran.push_back(*static_cast<int*>(n)); };
    CHECK(NtSetTimer(timers.back(), &until, note, &numbers[static_cast<std::size_t>(i)], 0, 0, nullptr) ==
          STATUS_SUCCESS);
  }
  standing::move_day(3'600'000);
  CHECK(wait(timers.back()) == STATUS_WAIT_0);
  CHECK(NtDelayExecution(1, &zero) == STATUS_USER_APC);
  CHECK(ran == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8});
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
