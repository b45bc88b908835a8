// A process that is forked off while others make and close handles, names and timers: what it makes itself works, with
// a timers' thread of its own.
#include <atomic>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test;
using namespace weir::test::nt;

int in_the_child() {
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
  for (int i = 0; i < scaled(50); ++i) REQUIRE(forked(in_the_child).summary() == "exit 0");
  over.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
}

}  // namespace
