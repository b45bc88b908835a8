// What the tests of ntapi.h have in common: objects with short names, threads that block, and whether they do.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/support/gate.h"
#include "weir/sync/nt/handles.h"
#include "weir/sync/nt/lock.h"
#include "weir/sync/nt/ntapi.h"
#include "weir/sync/nt/queue.h"
#include "weir/sync/nt/thread_object.h"

namespace weir::test::nt {

namespace detail = weir::nt::detail;

// A time-out, by a name of its own so that it can be pointed to. Negative: from now.
inline LARGE_INTEGER ticks(LONGLONG n) {
  LARGE_INTEGER t;
  t.QuadPart = n;
  return t;
}
inline const LARGE_INTEGER zero = ticks(0);
inline LARGE_INTEGER milliseconds(LONGLONG n) { return ticks(-10'000 * n); }

// Closes it at its end.
class handle {
 public:
  handle() = default;
  explicit handle(HANDLE h) noexcept : value_(h) {}
  handle(handle&& from) noexcept : value_(std::exchange(from.value_, nullptr)) {}
  handle& operator=(handle&& from) noexcept {
    std::swap(value_, from.value_);
    return *this;
  }
  ~handle() { close(); }
  void close() noexcept {
    if (value_ != nullptr) static_cast<void>(NtClose(std::exchange(value_, nullptr)));
  }
  PHANDLE to() noexcept {
    close();
    return &value_;
  }
  operator HANDLE() const noexcept { return value_; }  // NOLINT(google-explicit-constructor): as one

 private:
  HANDLE value_ = nullptr;
};

inline handle event(EVENT_TYPE what, bool signaled = false, ACCESS_MASK access = EVENT_ALL_ACCESS) {
  handle h;
  static_cast<void>(NtCreateEvent(h.to(), access, nullptr, what, signaled ? 1 : 0));
  return h;
}
inline handle automatic(bool signaled = false) { return event(SynchronizationEvent, signaled); }
inline handle manual(bool signaled = false) { return event(NotificationEvent, signaled); }
inline handle semaphore(LONG count, LONG limit, ACCESS_MASK access = SEMAPHORE_ALL_ACCESS) {
  handle h;
  static_cast<void>(NtCreateSemaphore(h.to(), access, nullptr, count, limit));
  return h;
}
inline handle mutant(bool owned = false, ACCESS_MASK access = MUTANT_ALL_ACCESS) {
  handle h;
  static_cast<void>(NtCreateMutant(h.to(), access, nullptr, owned ? 1 : 0));
  return h;
}
inline handle timer(TIMER_TYPE what, ACCESS_MASK access = TIMER_ALL_ACCESS) {
  handle h;
  static_cast<void>(NtCreateTimer(h.to(), access, nullptr, what));
  return h;
}
inline handle keyed(ACCESS_MASK access = KEYEDEVENT_ALL_ACCESS) {
  handle h;
  static_cast<void>(NtCreateKeyedEvent(h.to(), access, nullptr, 0));
  return h;
}
inline handle duplicate(HANDLE of, ACCESS_MASK access, ULONG options = 0) {
  handle h;
  static_cast<void>(NtDuplicateObject(NtCurrentProcess(), of, NtCurrentProcess(), h.to(), access, 0, options));
  return h;
}
inline handle own_thread() { return duplicate(NtCurrentThread(), 0, DUPLICATE_SAME_ACCESS); }

// The same object with fewer rights.
inline handle with(HANDLE of, ACCESS_MASK access) { return duplicate(of, access); }

inline LONG state(HANDLE e) {
  EVENT_BASIC_INFORMATION info{};
  return NtQueryEvent(e, EventBasicInformation, &info, sizeof info, nullptr) == STATUS_SUCCESS ? info.EventState : -1;
}
inline LONG count(HANDLE s) {
  SEMAPHORE_BASIC_INFORMATION info{};
  const NTSTATUS r = NtQuerySemaphore(s, SemaphoreBasicInformation, &info, sizeof info, nullptr);
  return r == STATUS_SUCCESS ? info.CurrentCount : -1;
}
inline MUTANT_BASIC_INFORMATION mutant_state(HANDLE m) {
  MUTANT_BASIC_INFORMATION info{-77, 77, 77};
  static_cast<void>(NtQueryMutant(m, MutantBasicInformation, &info, sizeof info, nullptr));
  return info;
}
inline bool is(const MUTANT_BASIC_INFORMATION& m, LONG count, bool owned, bool abandoned) {
  return m.CurrentCount == count && (m.OwnedByCaller != 0) == owned && (m.AbandonedState != 0) == abandoned;
}

inline NTSTATUS poll(HANDLE h, bool alertable = false) { return NtWaitForSingleObject(h, alertable ? 1 : 0, &zero); }
inline NTSTATUS wait(HANDLE h, bool alertable = false) { return NtWaitForSingleObject(h, alertable ? 1 : 0, nullptr); }

// Who is in a cell's queue.
inline int waiting(detail::native_cell& c) {
  auto& seg = detail::own_segment();
  const auto w = detail::lock(seg, c);
  int n = 0;
  for (std::uint32_t i = c.head; i != 0; i = detail::node_at(seg, i).next) ++n;
  detail::unlock(seg, c, w);
  return n;
}
inline int waiting(HANDLE h) {
  const detail::section s;
  const auto f = s.find(reinterpret_cast<detail::handle_value>(h), 0);
  return f.object != nullptr ? waiting(*f.object) : -1;
}

// A thread that does one thing, which blocks as a rule.
class blocked {
 public:
  explicit blocked(std::function<NTSTATUS()> what)
      : thread_([this, what = std::move(what)] {
          own_ = own_thread();
          id_ = NtCurrentThreadId();
          ready_.store(true, std::memory_order_release);
          result_.store(what(), std::memory_order_release);
          over_.store(true, std::memory_order_release);
        }) {
    while (!ready_.load(std::memory_order_acquire)) std::this_thread::yield();
  }
  ~blocked() { join(); }
  blocked(const blocked&) = delete;
  blocked& operator=(const blocked&) = delete;

  [[nodiscard]] bool is_over() const { return over_.load(std::memory_order_acquire); }
  [[nodiscard]] HANDLE thread() const { return own_; }
  [[nodiscard]] HANDLE id() const { return id_; }
  // Waits for its end.
  NTSTATUS result() {
    join();
    return result_.load(std::memory_order_relaxed);  // after the join
  }
  // Whether it waits at what is no object: a key, an address.
  [[nodiscard]] bool meets() const { return sleeps_at(&detail::thread_object::met_cell); }
  [[nodiscard]] bool awaits_alert() const { return sleeps_at(&detail::thread_object::alert_cell); }
  [[nodiscard]] bool is_alertable() const { return sleeps_at(&detail::thread_object::apcs_cell); }

 private:
  template <class Cell>
  bool sleeps_at(Cell of) const {
    const detail::section s;
    const auto f = s.find(reinterpret_cast<detail::handle_value>(static_cast<HANDLE>(own_)), 0);
    return f.object != nullptr && waiting((detail::thread_of_entry(f.by).*of)()) != 0;
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  handle own_;
  HANDLE id_ = nullptr;
  std::atomic<bool> ready_{false};
  std::atomic<NTSTATUS> result_{-1};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

// Until n threads wait for the object. For REQUIRE.
inline bool seen_waiting(HANDLE h, int n) {
  return eventually([=] { return waiting(h) == n; });
}

// A name, kept for as long as attributes refer to it.
class named {
 public:
  explicit named(std::u16string_view path, ULONG attributes = 0) : text_(path) {
    string_.Length = static_cast<USHORT>(2 * text_.size());
    string_.MaximumLength = string_.Length;
    string_.Buffer = reinterpret_cast<PWSTR>(text_.data());
    InitializeObjectAttributes(&attributes_, &string_, attributes, nullptr, nullptr);
  }
  named(const named&) = delete;
  named& operator=(const named&) = delete;
  operator POBJECT_ATTRIBUTES() { return &attributes_; }  // NOLINT(google-explicit-constructor): as one

 private:
  std::u16string text_;
  UNICODE_STRING string_{};
  OBJECT_ATTRIBUTES attributes_{};
};

// Two clocks that stand still until they are moved, and that everything is measured by. Beginning: 2023-11-14 22:13:20
// UTC.
struct hands : weir::park::clock {
  enum unused { idle };
  explicit hands(unused) : clock{&read_monotonic, &read_wall, std::chrono::milliseconds(1)} {}  // by nobody so far
  hands() : hands(idle) { detail::own_segment().measure_by(this); }
  ~hands() { detail::own_segment().measure_by(nullptr); }
  hands(const hands&) = delete;
  hands& operator=(const hands&) = delete;
  static std::chrono::nanoseconds read_monotonic(const clock& c) noexcept {
    return std::chrono::nanoseconds(static_cast<const hands&>(c).now.load(std::memory_order_relaxed));
  }
  static std::chrono::nanoseconds read_wall(const clock& c) noexcept {
    return std::chrono::nanoseconds(static_cast<const hands&>(c).day.load(std::memory_order_relaxed));
  }
  std::atomic<std::int64_t> now{1'000'000'000};
  std::atomic<std::int64_t> day{1'700'000'000'000'000'000};
};

}  // namespace weir::test::nt
