// Signals that come while a thread sleeps, and fork(): for every parker.
#include <atomic>
#include <chrono>
#include <csignal>
#include <new>
#include <pthread.h>
#include <string>
#include <sys/mman.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "tests/sync/park/parkers.h"
#include "tests/sync/park/sleeper.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
namespace park = weir::park;
using park::deadline;
using kind = deadline::kind;

std::atomic<unsigned> handled{0};
void on_signal(int) { handled.fetch_add(1, std::memory_order_relaxed); }

// Without SA_RESTART: every wait in the kernel is broken off.
class interrupting {
 public:
  interrupting() {
    struct sigaction ours = {};
    ours.sa_handler = &on_signal;
    ::sigaction(SIGUSR1, &ours, &before_);
  }
  ~interrupting() { ::sigaction(SIGUSR1, &before_, nullptr); }
  interrupting(const interrupting&) = delete;
  interrupting& operator=(const interrupting&) = delete;

 private:
  struct sigaction before_ = {};
};

// Thread-safe: yes.
class target {
 public:
  void here() {
    thread_ = ::pthread_self();
    known_.store(true, std::memory_order_release);
  }
  // Has the thread handle one signal. (ThreadSanitizer's handlers may wait for a call that it knows: for the end of the
  // sleep, then, which nobody waits for here.)
  [[nodiscard]] bool strike() {
    if (!eventually([&] { return known_.load(std::memory_order_acquire); })) return false;
    const unsigned before = handled.load(std::memory_order_relaxed);
    ::pthread_kill(thread_, SIGUSR1);
    return weir::port::under_tsan || eventually([&] { return handled.load(std::memory_order_relaxed) != before; });
  }

 private:
  pthread_t thread_{};
  std::atomic<bool> known_{false};
};

TEMPLATE_TEST_CASE("a storm of signals ends no wait", "", WEIR_ALL_PARKERS) {
  const interrupting handler;
  sleeper<TestType> s;
  for (const bool ends : {false, true}) {
    s.begin();
    target sleeping;
    crew threads;
    threads.add([&] {
      sleeping.here();
      if (s.wait(ends ? soon(1h, kind::monotonic) : deadline::never()) != woken::done) fail("it was not woken");
    });
    REQUIRE(eventually([&] { return s.is_parked(); }));
    const int signals = scaled(500);
    int struck = 0;
    for (int i = 0; i < signals; ++i) struck += sleeping.strike() ? 1 : 0;
    CHECK(struck == signals);
    CHECK(s.is_parked());
    CHECK(s.wake());
    CHECK(threads.join() == "");
  }
}

TEMPLATE_TEST_CASE("a deadline is kept under a storm of signals, and not early", "", WEIR_ALL_PARKERS) {
  const interrupting handler;
  sleeper<TestType> s;
  for (const kind by : {kind::monotonic, kind::wall}) {
    s.begin();
    target sleeping;
    std::atomic<bool> over{false};
    gate struck_once;
    gate struck_enough;
    crew threads;
    threads.add([&] {
      sleeping.here();
      struck_once.pass();
      const deadline until = soon(30ms, by);
      if (s.wait(until) != woken::timed_out) fail("it did not time out");
      if (!until.passed()) fail("it was early");
      over.store(true, std::memory_order_release);
      struck_enough.pass();  // signals go to threads that are there
    });
    // However late this thread comes, one signal is sent, and the time begins after it.
    CHECK(sleeping.strike());
    struck_once.open();
    while (!over.load(std::memory_order_acquire)) static_cast<void>(sleeping.strike());
    struck_enough.open();
    CHECK(threads.join() == "");
  }
}

TEMPLATE_TEST_CASE("a wake that is under way and one's own storm of signals", "", WEIR_ALL_PARKERS) {
  const interrupting handler;
  sleeper<TestType> s;
  target sleeping;
  const int rounds = scaled(500);
  std::atomic<int> begun{0};
  gate over;
  crew threads;
  threads.add([&] {
    sleeping.here();
    for (int i = 1; i <= rounds; ++i) {
      s.begin();
      begun.store(i, std::memory_order_release);
      if (s.wait(deadline::never()) != woken::done) fail("it was not woken");
    }
    over.pass();
  });
  for (int i = 1; i <= rounds; ++i) {
    REQUIRE(eventually([&] { return begun.load(std::memory_order_acquire) == i; }));
    if (i % 2 == 0) REQUIRE(sleeping.strike());
    REQUIRE(s.wake());
    if (i % 3 == 0) REQUIRE(sleeping.strike());
  }
  over.open();
  CHECK(threads.join() == "");
}

// Waits and wakes, in the calling thread and in another one.
template <class P>
int wakes_and_times_out(sleeper<P>& s) {
  s.begin();
  int bad = unless(s.wait(soon(2ms, kind::monotonic)) == woken::timed_out, "it did not time out");
  for (int i = 0; i < 20; ++i) {
    s.begin();
    crew threads;
    threads.add([&] {
      if (!s.wake()) fail("it did not wait");
    });
    bad |= unless(s.wait(soon(1h, kind::monotonic)) == woken::done, "it was not woken");
    bad |= unless(threads.join().empty(), "the other thread did not wake it");
  }
  return bad;
}

TEMPLATE_TEST_CASE("in a child, the forking thread's parker is as it was", "[fork]", WEIR_ALL_PARKERS) {
  sleeper<TestType> s;
  CHECK(wakes_and_times_out(s) == 0);
  const outcome child = forked([&] { return wakes_and_times_out(s); });
  CHECK(child.summary() == "exit 0");
  CHECK(wakes_and_times_out(s) == 0);
}

// The others sleep, and are woken, while it forks. In the child their parkers are made anew.
TEMPLATE_TEST_CASE("in a child, parkers of threads that are gone are made anew", "[fork]", WEIR_ALL_PARKERS) {
  if (weir::port::under_tsan) return;  // a child starts no threads there while the parent has some
  using record = sleeper<TestType>;
  constexpr int count = 4;
  record records[count];
  std::atomic<bool> over{false};
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  crew threads;
  for (record& r : records) {
    threads.add([&] {
      for (bool first = true; !over.load(std::memory_order_relaxed); first = false) {
        r.begin();
        if (r.wait(soon(1h, kind::monotonic)) == woken::refused) fail("refused");
        if (first) begun.fetch_add(1, std::memory_order_relaxed);  // a count
      }
      ended.fetch_add(1, std::memory_order_relaxed);  // a count
    });
  }
  threads.add([&] {
    while (!over.load(std::memory_order_relaxed)) {
      for (record& r : records) r.wake();
    }
  });
  // A thread that is just beginning has a lock of AddressSanitizer's allocator, which would stay taken in the child.
  CHECK(eventually([&] { return begun.load(std::memory_order_relaxed) == count; }));
  for (int i = 0; i < 5; ++i) {
    const outcome child = forked([&] {
      int bad = 0;
      for (record& r : records) bad |= wakes_and_times_out(*::new (static_cast<void*>(&r)) record);
      return bad;
    });
    CHECK(child.summary() == "exit 0");
  }
  over.store(true, std::memory_order_relaxed);
  // A wake before begin() is none: each thread is woken until it has seen that it is over.
  CHECK(eventually([&] {
    for (record& r : records) r.wake();
    return ended.load(std::memory_order_relaxed) == count;
  }));
  CHECK(threads.join() == "");
}

}  // namespace
