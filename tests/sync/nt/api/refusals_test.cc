// Misuse, call by call: each handle that is none, of another type, or may not, is refused by the status that NT has for
// it, and nothing has changed.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test::nt;

enum class type { event, semaphore, mutant, timer, keyed, thread, any };

alignas(8) const std::uint64_t key = 0;
VOID NTAPI no_apc(ULONG_PTR, ULONG_PTR, ULONG_PTR) {}

template <class Info, class Query>
NTSTATUS query(Query ask, HANDLE h) {
  Info info{};
  return ask(h, {}, &info, sizeof info, nullptr);
}

// What is done with a handle, of which type it is to be, and what it must be allowed.
struct use {
  const char* name;
  NTSTATUS (*make)(HANDLE);
  type of;
  ACCESS_MASK needs;
};
const std::array uses{
    use{"NtSetEvent", [](HANDLE h) { return NtSetEvent(h, nullptr); }, type::event, EVENT_MODIFY_STATE},
    use{"NtResetEvent", [](HANDLE h) { return NtResetEvent(h, nullptr); }, type::event, EVENT_MODIFY_STATE},
    use{"NtClearEvent", [](HANDLE h) { return NtClearEvent(h); }, type::event, EVENT_MODIFY_STATE},
    use{"NtPulseEvent", [](HANDLE h) { return NtPulseEvent(h, nullptr); }, type::event, EVENT_MODIFY_STATE},
    use{"NtQueryEvent", [](HANDLE h) { return query<EVENT_BASIC_INFORMATION>(NtQueryEvent, h); }, type::event,
        EVENT_QUERY_STATE},
    use{"NtReleaseSemaphore", [](HANDLE h) { return NtReleaseSemaphore(h, 1, nullptr); }, type::semaphore,
        SEMAPHORE_MODIFY_STATE},
    use{"NtQuerySemaphore", [](HANDLE h) { return query<SEMAPHORE_BASIC_INFORMATION>(NtQuerySemaphore, h); },
        type::semaphore, SEMAPHORE_QUERY_STATE},
    use{"NtReleaseMutant", [](HANDLE h) { return NtReleaseMutant(h, nullptr); }, type::mutant, 0},
    use{"NtQueryMutant", [](HANDLE h) { return query<MUTANT_BASIC_INFORMATION>(NtQueryMutant, h); }, type::mutant,
        MUTANT_QUERY_STATE},
    use{"NtSetTimer", [](HANDLE h) { return NtSetTimer(h, &zero, nullptr, nullptr, 0, 0, nullptr); }, type::timer,
        TIMER_MODIFY_STATE},
    use{"NtCancelTimer", [](HANDLE h) { return NtCancelTimer(h, nullptr); }, type::timer, TIMER_MODIFY_STATE},
    use{"NtQueryTimer", [](HANDLE h) { return query<TIMER_BASIC_INFORMATION>(NtQueryTimer, h); }, type::timer,
        TIMER_QUERY_STATE},
    use{"NtWaitForKeyedEvent", [](HANDLE h) { return NtWaitForKeyedEvent(h, &key, 0, &zero); }, type::keyed,
        KEYEDEVENT_WAIT},
    use{"NtReleaseKeyedEvent", [](HANDLE h) { return NtReleaseKeyedEvent(h, &key, 0, &zero); }, type::keyed,
        KEYEDEVENT_WAKE},
    use{"NtQueueApcThread", [](HANDLE h) { return NtQueueApcThread(h, no_apc, nullptr, nullptr, nullptr); },
        type::thread, THREAD_SET_CONTEXT},
    use{"NtAlertThread", [](HANDLE h) { return NtAlertThread(h); }, type::thread, THREAD_ALERT},
    use{"NtWaitForSingleObject", [](HANDLE h) { return poll(h); }, type::any, SYNCHRONIZE},
    use{"NtWaitForMultipleObjects, any", [](HANDLE h) { return NtWaitForMultipleObjects(1, &h, WaitAny, 0, &zero); },
        type::any, SYNCHRONIZE},
    use{"NtWaitForMultipleObjects, all", [](HANDLE h) { return NtWaitForMultipleObjects(1, &h, WaitAll, 0, &zero); },
        type::any, SYNCHRONIZE},
};

// One object of each type, that is worth something, and its handle.
class objects {
 public:
  objects() : thread_([] { return NtWaitForAlertByThreadId(nullptr, nullptr); }) {
    handles_ = {automatic(true), semaphore(1, 3), mutant(true), timer(SynchronizationTimer), keyed()};
    names_ = {"an event", "a semaphore", "a mutant", "a timer", "a keyed event", "a thread"};
  }
  ~objects() {
    static_cast<void>(NtAlertThreadByThreadId(thread_.id()));
    static_cast<void>(thread_.result());
  }
  objects(const objects&) = delete;
  objects& operator=(const objects&) = delete;

  [[nodiscard]] HANDLE operator[](std::size_t i) const { return i < handles_.size() ? handles_[i] : thread_.thread(); }
  [[nodiscard]] const char* name(std::size_t i) const { return names_[i]; }
  static constexpr std::size_t count = 6;

  // That nothing has changed. A poll of the timer takes nothing that is not there.
  [[nodiscard]] bool are_as_made() const {
    return state(handles_[0]) == 1 && weir::test::nt::count(handles_[1]) == 1 &&
           is(mutant_state(handles_[2]), 0, true, false) && poll(handles_[3]) == STATUS_TIMEOUT && !thread_.is_over();
  }

 private:
  blocked thread_;
  std::array<handle, 5> handles_;
  std::array<const char*, count> names_;
};

// All the rights that there are but these, so that a call fails for want of one.
ACCESS_MASK all_but(ACCESS_MASK needs) { return THREAD_ALL_ACCESS & ~needs; }

TEST_CASE("what is no handle is refused by every call") {
  const objects o;
  HANDLE closed = nullptr;
  REQUIRE(NtCreateEvent(&closed, EVENT_ALL_ACCESS, nullptr, NotificationEvent, 1) == STATUS_SUCCESS);
  REQUIRE(NtClose(closed) == STATUS_SUCCESS);
  for (const use& u : uses) {
    INFO(u.name);
    if (u.of != type::keyed) CHECK(u.make(nullptr) == STATUS_INVALID_HANDLE);  // 116: there it is one
    CHECK(u.make(closed) == STATUS_INVALID_HANDLE);
    CHECK(u.make(static_cast<char*>(closed) + 3) == STATUS_INVALID_HANDLE);
    CHECK(u.make(reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(0x0dea'dbe8))) == STATUS_INVALID_HANDLE);
    CHECK(u.make(reinterpret_cast<HANDLE>(static_cast<LONG_PTR>(-5))) == STATUS_INVALID_HANDLE);
  }
  CHECK(o.are_as_made());
}

TEST_CASE("an object of another type, and a handle that may not, are refused by every call") {
  const objects o;
  for (const use& u : uses) {
    for (std::size_t i = 0; i < objects::count; ++i) {
      INFO(u.name << " of " << o.name(i));
      const bool fits = u.of == type::any || static_cast<std::size_t>(u.of) == i;
      if (!fits) CHECK(u.make(o[i]) == STATUS_OBJECT_TYPE_MISMATCH);
      if (u.needs == 0) continue;
      const handle less = with(o[i], all_but(u.needs));
      CHECK(u.make(less) == (fits ? STATUS_ACCESS_DENIED : STATUS_OBJECT_TYPE_MISMATCH));
    }
  }
  CHECK(o.are_as_made());
}

TEST_CASE("a bad handle among good ones takes nothing, wherever it is") {
  const objects o;
  const handle blind = with(o[0], all_but(SYNCHRONIZE));
  for (const WAIT_TYPE what : {WaitAny, WaitAll}) {
    for (std::size_t at = 0; at < 3; ++at) {
      std::array<HANDLE, 3> many{o[0], o[1], o[2]};
      many[at] = nullptr;
      CHECK(NtWaitForMultipleObjects(3, many.data(), what, 0, &zero) == STATUS_INVALID_HANDLE);
      many[at] = blind;
      CHECK(NtWaitForMultipleObjects(3, many.data(), what, 0, &zero) == STATUS_ACCESS_DENIED);
      CHECK(o.are_as_made());
    }
  }
}

TEST_CASE("counts, keys and sizes that are out of range") {
  const objects o;
  const std::vector<HANDLE> many(70, o[0]);
  for (const ULONG n : {0u, 65u, 70u, 0x8000'0000u, 0xffff'ffffu}) {
    for (const WAIT_TYPE what : {WaitAny, WaitAll, static_cast<WAIT_TYPE>(2)})
      CHECK(NtWaitForMultipleObjects(n, many.data(), what, 0, &zero) == STATUS_INVALID_PARAMETER_1);
  }
  CHECK(NtWaitForMultipleObjects(1, many.data(), static_cast<WAIT_TYPE>(2), 0, &zero) == STATUS_INVALID_PARAMETER_3);
  LONG previous = 77;
  for (const LONG n : {3, 0x7fff'ffff, -0x7fff'ffff - 1, -1})
    CHECK(NtReleaseSemaphore(o[1], n, &previous) == STATUS_SEMAPHORE_LIMIT_EXCEEDED);
  CHECK(NtReleaseSemaphore(o[1], 0, &previous) == STATUS_INVALID_PARAMETER);
  CHECK(previous == 77);
  HANDLE made = reinterpret_cast<HANDLE>(77);
  constexpr LONG most = 0x7fff'ffff;
  for (const auto& [count, limit] : std::vector<std::array<LONG, 2>>{
           {0, 0}, {1, 0}, {-1, 1}, {2, 1}, {0, -1}, {-1, -1}, {most, most - 1}, {-most - 1, 1}})
    CHECK(NtCreateSemaphore(&made, SEMAPHORE_ALL_ACCESS, nullptr, count, limit) == STATUS_INVALID_PARAMETER);
  CHECK(made == reinterpret_cast<HANDLE>(77));
  for (unsigned at = 1; at < 8; at += 2) {
    const void* const odd = reinterpret_cast<const char*>(&key) + at;
    for (const HANDLE h :
         {o[4], o[0], HANDLE{nullptr}, reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(0x0dea'dbe8))}) {
      CHECK(NtWaitForKeyedEvent(h, odd, 0, nullptr) == STATUS_INVALID_PARAMETER_1);
      CHECK(NtReleaseKeyedEvent(h, odd, 0, nullptr) == STATUS_INVALID_PARAMETER_1);
    }
  }
  for (const SIZE_T n : {0u, 3u, 5u, 6u, 7u, 9u, 16u})
    CHECK(RtlWaitOnAddress(&key, &key, n, nullptr) == STATUS_INVALID_PARAMETER);
  CHECK(o.are_as_made());
}

TEST_CASE("a signal that is refused is followed by no wait, and a wait that is, follows no signal") {
  const objects o;
  const handle unsignaled = automatic();
  for (std::size_t i = 0; i < objects::count; ++i) {
    INFO(o.name(i));
    const bool is_mutant = i == static_cast<std::size_t>(type::mutant);
    const bool can_be = i <= static_cast<std::size_t>(type::mutant);
    // For ever, if it waited.
    if (!is_mutant) {
      CHECK(NtSignalAndWaitForSingleObject(with(o[i], all_but(EVENT_MODIFY_STATE)), unsignaled, 0, nullptr) ==
            (can_be ? STATUS_ACCESS_DENIED : STATUS_OBJECT_TYPE_MISMATCH));
    }
    CHECK(NtSignalAndWaitForSingleObject(o[i], nullptr, 0, nullptr) == STATUS_INVALID_HANDLE);
    CHECK(NtSignalAndWaitForSingleObject(o[i], with(unsignaled, all_but(SYNCHRONIZE)), 0, nullptr) ==
          STATUS_ACCESS_DENIED);
  }
  CHECK(NtSignalAndWaitForSingleObject(nullptr, unsignaled, 0, nullptr) == STATUS_INVALID_HANDLE);
  CHECK(o.are_as_made());
}

}  // namespace
