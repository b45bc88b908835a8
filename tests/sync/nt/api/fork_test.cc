// A process that is forked off while others make and close handles, names and timers, and block: what it makes itself
// works, whatever its parent's threads were in the middle of.
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "tests/sync/nt/api/api.h"
#include "weir/rcu/domain.h"
#include "weir/sync/nt/self.h"

namespace {

using namespace weir::test;
using namespace weir::test::nt;

int use_all_anew() {
  handle e;
  handle same;
  int bad = unless(NtCreateEvent(e.to(), EVENT_ALL_ACCESS, named(u"\\child"), NotificationEvent, 1) == STATUS_SUCCESS,
                   "no event is made");
  bad |= unless(NtOpenEvent(same.to(), EVENT_ALL_ACCESS, named(u"\\child")) == STATUS_SUCCESS, "it is not found");
  bad |= unless(poll(same) == STATUS_WAIT_0, "it is not signaled");
  const handle t = timer(SynchronizationTimer);
  const LARGE_INTEGER soon = milliseconds(1);
  bad |= unless(NtSetTimer(t, &soon, nullptr, nullptr, 0, 0, nullptr) == STATUS_SUCCESS, "the timer is not set");
  bad |= unless(wait(t) == STATUS_WAIT_0, "the timer does not expire");
  blocked other([&] { return NtWaitForSingleObject(NtCurrentThread(), 1, nullptr); });
  while (!other.is_alertable()) std::this_thread::yield();
  bad |= unless(NtAlertThread(other.thread()) == STATUS_SUCCESS, "a thread is not alerted");
  bad |= unless(other.result() == STATUS_ALERTED, "a thread is not ended by an alert");
  return bad;
}

// --- The first use of each kind --------------------------------------------------------------------------------------

std::atomic<std::uint32_t> words[64];

void wake_all_words() {
  for (auto& w : words) RtlWakeAddressAll(&w);
}
void open_what_is_not_there() {
  handle h;
  static_cast<void>(NtOpenEvent(h.to(), EVENT_ALL_ACCESS, named(u"\\nothing")));
}
void make_a_name() {
  handle h;
  static_cast<void>(NtCreateEvent(h.to(), EVENT_ALL_ACCESS, named(u"\\first", OBJ_OPENIF), NotificationEvent, 0));
}
void make_an_event() { static_cast<void>(automatic()); }
void ask_for_the_thread() { static_cast<void>(own_thread()); }
void wait_for_the_process() { static_cast<void>(poll(NtCurrentProcess())); }
void wait_for_what_is_not_there() {
  const handle e = automatic();
  const LARGE_INTEGER soon = ticks(-1);
  static_cast<void>(NtWaitForSingleObject(e, 0, &soon));
}

// In a process that has used nothing so far: threads do it again and again, and children do it, too.
int children_beside(const std::function<void()>& use) {
  std::atomic<bool> over{false};
  int bad = 0;
  std::array<std::thread, 2> threads;
  for (std::thread& t : threads) {
    t = std::thread([&] {
      while (!over.load(std::memory_order_relaxed)) use();
    });
  }
  for (int i = 0; i < scaled(50) && bad == 0; ++i) {
    const outcome child = forked([&] {
      use();
      return 0;
    });
    bad = unless(child.summary() == "exit 0", "a child has not come to its end");
  }
  over.store(true, std::memory_order_relaxed);
  for (std::thread& t : threads) t.join();
  return bad;
}

// First of all: in this process nothing has been used when its children begin.
TEST_CASE("whatever is used first, a child finds it whole", "[fork]") {
  CHECK(forked([] { return children_beside(wake_all_words); }).summary() == "exit 0");
  CHECK(forked([] { return children_beside(open_what_is_not_there); }).summary() == "exit 0");
  CHECK(forked([] { return children_beside(make_a_name); }).summary() == "exit 0");
  CHECK(forked([] { return children_beside(make_an_event); }).summary() == "exit 0");
  CHECK(forked([] { return children_beside(ask_for_the_thread); }).summary() == "exit 0");
  CHECK(forked([] { return children_beside(wait_for_the_process); }).summary() == "exit 0");
  CHECK(forked([] { return children_beside(wait_for_what_is_not_there); }).summary() == "exit 0");
}

// Not the parent's object, which somebody may have locked.
TEST_CASE("a child has a process of its own, also if its parent has done nothing but wait for it", "[fork]") {
  CHECK(forked([] {
          wait_for_the_process();
          const auto* const parent = detail::own_process();
          const outcome child = forked([&] { return unless(detail::own_process() != parent, "the same object"); });
          return unless(child.summary() == "exit 0", "a child has its parent's process");
        }).summary() == "exit 0");
}

// --- While others use all of it
// ----------------------------------------------------------------------------------------

TEST_CASE("a child of a process with handles", "[fork]") {
  std::atomic<bool> over{false};
  crew threads;
  threads.if_abandoned([&] { over.store(true, std::memory_order_relaxed); });
  for (int i = 0; i < 2; ++i) {
    threads.add([&] {
      const handle t = timer(SynchronizationTimer);
      while (!over.load(std::memory_order_relaxed)) {
        handle e;
        static_cast<void>(
            NtCreateEvent(e.to(), EVENT_ALL_ACCESS, named(u"\\parent", OBJ_OPENIF), NotificationEvent, 0));
        const handle more = semaphore(1, 1);
        const LARGE_INTEGER soon = ticks(-10);
        static_cast<void>(NtSetTimer(t, &soon, nullptr, nullptr, 0, 0, nullptr));
      }
    });
  }
  for (int i = 0; i < scaled(50); ++i) REQUIRE(forked(use_all_anew).summary() == "exit 0");
  over.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
}

// --- Keys and addresses ----------------------------------------------------------------------------------------------

// A waiter of the child's, and one that wakes it: it is not the parent's that is woken.
int meet_in_the_child() {
  static std::uint32_t zero = 0;
  const LARGE_INTEGER long_enough = milliseconds(20'000);
  blocked waiter([&] { return RtlWaitOnAddress(&words[0], &zero, sizeof zero, &long_enough); });
  while (!waiter.meets()) std::this_thread::yield();
  RtlWakeAddressSingle(&words[0]);
  int bad = unless(waiter.result() == STATUS_SUCCESS, "who waits at an address is not woken");
  blocked other([&] { return NtWaitForKeyedEvent(nullptr, &words[0], 0, &long_enough); });
  while (!other.meets()) std::this_thread::yield();
  bad |= unless(NtReleaseKeyedEvent(nullptr, &words[0], 0, &long_enough) == STATUS_SUCCESS, "nobody is met");
  bad |= unless(other.result() == STATUS_SUCCESS, "who waits at a key is not met");
  return bad;
}

TEST_CASE("who waits at keys and addresses in the parent is not in the child", "[fork]") {
  static std::uint32_t zero = 0;
  blocked waiter([] { return RtlWaitOnAddress(&words[0], &zero, sizeof zero, nullptr); });
  blocked meeting([] { return NtWaitForKeyedEvent(nullptr, &words[0], 0, nullptr); });
  REQUIRE(eventually([&] { return waiter.meets() && meeting.meets(); }));
  CHECK(forked(meet_in_the_child).summary() == "exit 0");
  CHECK(waiter.meets());
  RtlWakeAddressSingle(&words[0]);
  CHECK(waiter.result() == STATUS_SUCCESS);
  CHECK(NtReleaseKeyedEvent(nullptr, &words[0], 0, nullptr) == STATUS_SUCCESS);
  CHECK(meeting.result() == STATUS_SUCCESS);
}

// --- What the parent's threads have locked ---------------------------------------------------------------------------

// Locks a cell, as a thread does in the middle of an operation.
class in_the_middle {
 public:
  explicit in_the_middle(detail::native_cell& c) : cell_(c), word_(detail::lock(detail::own_segment(), c)) {}
  ~in_the_middle() { detail::unlock(detail::own_segment(), cell_, word_); }
  in_the_middle(const in_the_middle&) = delete;
  in_the_middle& operator=(const in_the_middle&) = delete;

 private:
  detail::native_cell& cell_;
  detail::word::bits word_;
};

detail::native_cell& cell_of(HANDLE h) {
  const detail::section s;
  return *s.find(reinterpret_cast<detail::handle_value>(h), 0).object;
}

TEST_CASE("a child serves its own timers, and not its parent's", "[fork]") {
  // Nothing of the parent's becomes due. Longer than the timers, whose thread looks at it.
  static hands* const clock = new hands;
  const handle t = timer(SynchronizationTimer);
  const handle with_apc = timer(SynchronizationTimer);
  const LARGE_INTEGER soon = milliseconds(10);
  const auto apc = [](PVOID, ULONG, LONG) {};
  REQUIRE(NtSetTimer(t, &soon, nullptr, nullptr, 0, 1, nullptr) == STATUS_SUCCESS);
  REQUIRE(NtSetTimer(with_apc, &soon, apc, nullptr, 0, 0, nullptr) == STATUS_SUCCESS);
  {
    const in_the_middle of_it(cell_of(t));
    const in_the_middle of_the_other(cell_of(with_apc));
    CHECK(forked([&] {
            const handle own = timer(SynchronizationTimer);
            bool called = false;
            const auto call = [](PVOID p, ULONG, LONG) { *static_cast<bool*>(p) = true; };
            int bad = unless(NtSetTimer(own, &soon, call, &called, 0, 0, nullptr) == STATUS_SUCCESS, "it is not set");
            clock->now.fetch_add(1'000'000'000, std::memory_order_relaxed);  // theirs come first
            bad |= unless(wait(own) == STATUS_WAIT_0, "it does not expire");
            bad |= unless(NtTestAlert() == STATUS_SUCCESS && called, "its APC does not run");
            return bad;
          }).summary() == "exit 0");
  }
  CHECK(NtCancelTimer(t, nullptr) == STATUS_SUCCESS);
  CHECK(NtCancelTimer(with_apc, nullptr) == STATUS_SUCCESS);
  detail::own_segment().measure_by(nullptr);
}

int use_the_own_thread() {
  static std::uint32_t zero = 0;
  const LARGE_INTEGER short_time = milliseconds(1);
  const HANDLE id = NtCurrentThreadId();
  int bad = unless(id != nullptr, "the thread has no number");
  bad |= unless(NtAlertThreadByThreadId(id) == STATUS_SUCCESS, "it is not found by its number");
  bad |= unless(NtWaitForAlertByThreadId(nullptr, nullptr) == STATUS_ALERTED, "it is not alerted by its number");
  bad |= unless(NtAlertThread(NtCurrentThread()) == STATUS_SUCCESS, "it is not alerted");
  bad |= unless(NtTestAlert() == STATUS_ALERTED, "it is not told so");
  bad |= unless(RtlWaitOnAddress(&words[0], &zero, sizeof zero, &short_time) == STATUS_TIMEOUT, "it does not wait");
  const handle me = own_thread();
  bad |= unless(poll(me) == STATUS_TIMEOUT, "it has ended");
  bad |= unless(poll(NtCurrentProcess()) == STATUS_TIMEOUT, "the process has ended");
  return bad;
}

TEST_CASE("a child's thread is whole, whatever other threads did to its parent's", "[fork]") {
  static_cast<void>(poll(NtCurrentProcess()));
  detail::thread_object& me = *detail::own_thread();
  const in_the_middle first(me.cell());
  const in_the_middle second(me.alert_cell());
  const in_the_middle third(me.met_cell());
  const in_the_middle fourth(*detail::own_process());
  CHECK(forked(use_the_own_thread).summary() == "exit 0");
}

// Where a thread_local is memory that the system frees before the thread's last moment.
TEST_CASE("a child's thread has nothing of its parent's, though its thread_locals were gone", "[fork]") {
  std::string end;
  std::thread([&] {
    const handle owned = mutant(true);
    detail::thread_object& me = *detail::own_thread();
    const in_the_middle first(me.cell());
    const in_the_middle second(cell_of(owned));
    detail::own_record = nullptr;
    detail::own_thread_object = nullptr;
    end = forked([] {
            const detail::native_record* const mine = detail::self();
            return unless(mine->owned == 0 && mine->object == 0, "it has something") | use_the_own_thread();
          }).summary();
  }).join();
  CHECK(end == "exit 0");
}

// The process ends with its result; SIGALRM, if it does not.
[[nodiscard]] int result_of(int child) {
  int status = -1;
  return ::waitpid(child, &status, 0) == child ? status : -1;
}

TEST_CASE("a thread that forks ends in the child, too, with its exit status", "[fork]") {
  static std::atomic<int> child{-1};
  const auto routine = [](PVOID) -> NTSTATUS {
    detail::thread_object& parents = *detail::own_thread();
    auto of_it = std::make_unique<in_the_middle>(parents.cell());
    child.store(::fork(), std::memory_order_relaxed);
    if (child.load(std::memory_order_relaxed) != 0) return 7;
    ::alarm(60);
    static_cast<void>(of_it.release());  // for ever
    std::thread([me = own_thread()] {
      THREAD_BASIC_INFORMATION info{};
      int bad = unless(wait(me) == STATUS_WAIT_0, "it has not ended");
      static_cast<void>(NtQueryInformationThread(me, ThreadBasicInformation, &info, sizeof info, nullptr));
      bad |= unless(info.ExitStatus == 7, "its exit status is not known");
      ::_exit(bad);
    }).detach();
    return 7;
  };
  handle t;
  REQUIRE(NtCreateThreadEx(t.to(), THREAD_ALL_ACCESS, nullptr, NtCurrentProcess(), routine, nullptr, 0, 0, 0, 0,
                           nullptr) == STATUS_SUCCESS);
  CHECK(wait(t) == STATUS_WAIT_0);
  CHECK(result_of(child.load(std::memory_order_relaxed)) == 0);
}

// fork() itself, not forked(): the child goes on with the wait that its thread is in.
TEST_CASE("a child that is forked off in an APC goes on where it is", "[fork]") {
  static std::atomic<int> child{-1};
  const handle me = own_thread();
  std::atomic<bool> over{false};
  crew threads;
  threads.if_abandoned([&] { over.store(true, std::memory_order_relaxed); });
  static std::atomic<int> others{0};
  const PNTAPCFUNC other = [](ULONG_PTR, ULONG_PTR, ULONG_PTR) { others.fetch_add(1, std::memory_order_relaxed); };
  const PNTAPCFUNC fork_here = [](ULONG_PTR, ULONG_PTR, ULONG_PTR) {
    child.store(::fork(), std::memory_order_relaxed);
    others.store(0, std::memory_order_relaxed);
    if (child.load(std::memory_order_relaxed) == 0) ::alarm(60);
  };
  threads.add([&] {
    while (!over.load(std::memory_order_relaxed)) {
      static_cast<void>(NtQueueApcThread(me, other, nullptr, nullptr, nullptr));
      static_cast<void>(NtAlertThread(me));
    }
  });
  for (int i = 0; i < scaled(50); ++i) {
    child.store(-1, std::memory_order_relaxed);
    REQUIRE(NtQueueApcThread(NtCurrentThread(), fork_here, nullptr, nullptr, nullptr) == STATUS_SUCCESS);
    REQUIRE(NtQueueApcThread(NtCurrentThread(), other, nullptr, nullptr, nullptr) == STATUS_SUCCESS);
    while (child.load(std::memory_order_relaxed) == -1) {
      static_cast<void>(NtWaitForSingleObject(NtCurrentProcess(), 1, nullptr));
    }
    const int ran = others.load(std::memory_order_relaxed);
    if (child.load(std::memory_order_relaxed) == 0) {
      ::_exit(unless(ran == 0, "an APC of the parent's has run") | use_the_own_thread());
    }
    REQUIRE(ran != 0);
    REQUIRE(result_of(child.load(std::memory_order_relaxed)) == 0);
  }
  over.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
}

// --- What is left of the parent's objects ----------------------------------------------------------------------------

TEST_CASE("a child's names are its own, whatever its parent has named", "[fork]") {
  handle parents;
  REQUIRE(NtCreateEvent(parents.to(), EVENT_ALL_ACCESS, named(u"\\both"), NotificationEvent, 1) == STATUS_SUCCESS);
  const in_the_middle of_it(cell_of(parents));
  CHECK(forked([&] {
          handle h;
          int bad = unless(NtOpenEvent(h.to(), EVENT_ALL_ACCESS, named(u"\\both")) == STATUS_OBJECT_NAME_NOT_FOUND,
                           "the parent's is found");
          bad |= unless(NtCreateEvent(h.to(), EVENT_ALL_ACCESS, named(u"\\both", OBJ_OPENIF), NotificationEvent, 0) ==
                            STATUS_SUCCESS,
                        "the parent's is opened");
          bad |= unless(state(h) == 0, "it is not as it was made");
          static_cast<void>(NtClose(parents));
          bad |= unless(poll(h) == STATUS_TIMEOUT, "it is not there any more");
          handle same;
          bad |= unless(NtOpenEvent(same.to(), EVENT_ALL_ACCESS, named(u"\\both")) == STATUS_SUCCESS, "not found");
          return bad;
        }).summary() == "exit 0");
}

TEST_CASE("what the parent was about to end, a child leaves alone", "[fork]") {
  gate looks;
  gate over;
  handle with_apc = timer(NotificationTimer);
  detail::apc_queue* queue = nullptr;
  crew threads;
  threads.if_abandoned([&] { over.open(); });
  threads.add([&] {
    const auto apc = [](PVOID, ULONG, LONG) {};
    const LARGE_INTEGER late = milliseconds(1'000'000);
    static_cast<void>(NtSetTimer(with_apc, &late, apc, nullptr, 0, 0, nullptr));
    queue = &detail::own_thread()->apcs;
    const detail::section s;  // a grace period does not come to its end
    looks.open();
    over.pass();
  });
  looks.pass();
  handle plain = automatic();
  handle called;
  REQUIRE(NtCreateEvent(called.to(), EVENT_ALL_ACCESS, named(u"\\gone"), NotificationEvent, 1) == STATUS_SUCCESS);
  handle t = timer(SynchronizationTimer);
  const LARGE_INTEGER late = milliseconds(1'000'000);
  REQUIRE(NtSetTimer(t, &late, nullptr, nullptr, 0, 0, nullptr) == STATUS_SUCCESS);
  {
    const in_the_middle of_one(cell_of(plain));
    const in_the_middle of_another(cell_of(called));
    const in_the_middle of_a_third(cell_of(t));
    queue->lock_for_fork();  // as by somebody who queues an APC
    plain.close();
    called.close();
    with_apc.close();
    t.close();
    CHECK(forked([] {
            static_cast<void>(NtClose(NtCurrentThread()));
            make_an_event();
            weir::rcu::default_domain().barrier();
            return use_all_anew();
          }).summary() == "exit 0");
    queue->unlock_after_fork();
  }
  over.open();
  CHECK(threads.join() == "");
}

}  // namespace
