// Mach semaphores and their pool: what the kernel may answer, and where the semaphores are. Apple's files, over
// tests/support/shim, whose kernel counts what exists and what is used after its end.
#include <atomic>
#include <chrono>
#include <mach/mach.h>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/shim/apple/control.h"
#include "tests/support/threads.h"
#include "tests/sync/park/parkers.h"
#include "tests/sync/park/sleeper.h"
#include "weir/sync/park/semaphore_pool.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
namespace park = weir::park;
namespace shim = weir::shim::apple;
using park::deadline;
using park::detail::semaphore_pool;
using park::detail::semaphores;
using kind = deadline::kind;
using pool_numbers = semaphore_pool::numbers;
using record = sleeper<park::semaphore>;

// Nobody waits: every semaphore that exists is in the pool, and none was used that is none.
void check_nothing_leaks() {
  const pool_numbers n = semaphores().count();
  CHECK(n.drawn == 0);
  CHECK(n.idle == shim::semaphores());
}

void wait_once() {
  record r;
  r.begin();
  REQUIRE(r.wait(soon(0ns, kind::monotonic)) == woken::timed_out);
}

// Threads that all sleep at once.
class dormitory {
 public:
  explicit dormitory(unsigned count) : records_(count) {
    for (record& r : records_) {
      r.begin();
      threads_.add([&r] {
        if (r.wait(soon(1h, kind::monotonic)) != woken::done) fail("it was not woken");
      });
    }
    threads_.if_abandoned([this] { wake(); });
    REQUIRE(eventually([&] {
      for (const record& r : records_) {
        if (!r.is_parked()) return false;
      }
      return true;
    }));
  }
  [[nodiscard]] std::string end() {
    wake();
    return threads_.join();
  }

 private:
  void wake() {
    for (record& r : records_) r.wake();
  }
  std::vector<record> records_;
  crew threads_;
};

TEST_CASE("semaphore is native there") { CHECK(std::string(park::native::name) == "semaphore"); }

TEST_CASE("there is one for each thread that sleeps, and the next ones have them again") {
  const unsigned misuse = shim::misuse();
  for (int i = 0; i < 3; ++i) {
    dormitory all(40);
    CHECK(semaphores().count().drawn == 40);
    CHECK(shim::semaphores() == 40 + semaphores().count().idle);
    CHECK(all.end() == "");
    check_nothing_leaks();
  }
  // One by one they need no new ones.
  const unsigned made = shim::semaphore_create().calls();
  for (int i = 0; i < 100; ++i) wait_once();
  CHECK(shim::semaphore_create().calls() == made);
  CHECK(shim::misuse() == misuse);
}

TEST_CASE("the pool shrinks while fewer threads sleep, and keeps a few") {
  const unsigned misuse = shim::misuse();
  {
    dormitory all(100);
    CHECK(all.end() == "");
  }
  CHECK(shim::semaphores() >= 100);
  for (unsigned i = 0; i < 4 * semaphore_pool::stretch; ++i) wait_once();
  CHECK(shim::semaphores() == semaphore_pool::at_least);
  check_nothing_leaks();
  CHECK(shim::misuse() == misuse);
}

TEST_CASE("a system that has no more semaphores is told to the waiter, and to nobody else") {
  for (const bool by_limit : {true, false}) {
    dormitory some(3);
    const pool_numbers before = semaphores().count();
    std::vector<record> idle(before.idle);
    for (record& r : idle) REQUIRE(r.parker().prepare());  // what is in the pool
    if (by_limit) {
      shim::semaphores_at_most(shim::semaphores());
    } else {
      shim::semaphore_create().plan(KERN_NO_SPACE, 2);
    }
    record late;
    for (int i = 0; i < 2; ++i) {
      late.begin();
      CHECK(late.wait(soon(1h, kind::monotonic)) == woken::refused);
      CHECK(late.failure() == std::errc::resource_unavailable_try_again);
    }
    // As soon as one comes back, or the system has some again, it goes on.
    if (by_limit) {
      if (idle.empty()) {
        shim::semaphores_at_most(~0u);
      } else {
        idle.back().parker().finish(false);
        idle.pop_back();
      }
    }
    late.begin();
    CHECK(late.wait(soon(1ms, kind::monotonic)) == woken::timed_out);
    CHECK_FALSE(late.failure());
    shim::semaphores_at_most(~0u);
    for (record& r : idle) r.parker().finish(false);
    CHECK(some.end() == "");
    check_nothing_leaks();
  }
}

TEST_CASE("a refusal that is no shortage is the end, with the call and the code") {
  const outcome made = forked([] {
    shim::semaphore_create().plan(KERN_FAILURE);
    for (unsigned i = 0; i <= semaphores().count().idle + 1; ++i) static_cast<void>(semaphores().draw());
    return 0;
  });
  CHECK_FALSE(made.exited);
  CHECK(made.text.find("weir: semaphore_create failed (kernel code 5, 5)") != std::string::npos);
  const outcome waited = forked([] {
    shim::semaphore_wait().plan(KERN_FAILURE);
    wait_once();
    return 0;
  });
  CHECK_FALSE(waited.exited);
  CHECK(waited.text.find("weir: semaphore_wait failed (kernel code 5, 5)") != std::string::npos);
  const outcome signaled = forked([] {
    shim::semaphore_signal().plan(KERN_FAILURE);
    park::semaphore p;
    weir::atomic<std::uint32_t> word{1};
    static_cast<void>(p.prepare());
    p.unpark(word);
    return 0;
  });
  CHECK_FALSE(signaled.exited);
  CHECK(signaled.text.find("weir: semaphore_signal failed (kernel code 5, 5)") != std::string::npos);
}

TEST_CASE("a wait that is broken off, or ends before its time, goes on") {
  record r;
  for (const int code : {KERN_ABORTED, KERN_OPERATION_TIMED_OUT}) {
    for (const kind by : {kind::monotonic, kind::wall}) {
      const unsigned before = r.looks();
      shim::semaphore_wait().plan(code, 100);
      const deadline until = soon(20ms, by);
      r.begin();
      CHECK(r.wait(until) == woken::timed_out);
      CHECK(until.passed());
      CHECK(r.looks() - before > 100);
    }
  }
  check_nothing_leaks();
}

// A wait that has timed out, and lost: the wake is decided, the signal is not sent yet. `strays`: signals of somebody
// else have come before.
struct late_signal {
  park::semaphore p;
  weir::atomic<std::uint32_t> word{1};
  std::atomic<bool> finished{false};
  crew threads;

  explicit late_signal(int strays = 0) {
    REQUIRE(p.prepare());
    for (int i = 0; i < strays; ++i) {
      shim::signal_semaphores();
      REQUIRE(p.park(word, 1, deadline::never()));
    }
    REQUIRE_FALSE(p.park(word, 1, soon(-1s, kind::monotonic)));
    const unsigned before = shim::semaphore_wait().calls();
    threads.add([this] {
      p.finish(true);
      finished.store(true, std::memory_order_release);
    });
    threads.if_abandoned([this] { p.unpark(word); });
    REQUIRE(eventually([&] { return shim::semaphore_wait().calls() > before; }));
  }
  bool is_finished() const { return finished.load(std::memory_order_acquire); }
};

TEST_CASE("a waiter that has timed out takes the signal that is on its way, before the semaphore goes back") {
  for (int i = 0; i < 20; ++i) {
    late_signal wait;
    CHECK_FALSE(wait.is_finished());
    CHECK(semaphores().count().drawn == 1);
    wait.p.unpark(wait.word);
    CHECK(wait.threads.join() == "");
    check_nothing_leaks();
    // Who has it next finds no signal in it: the only wait there is one that ends by itself.
    const unsigned before = shim::semaphore_wait().calls();
    record next;
    next.begin();
    const deadline until = soon(1ms, kind::monotonic);
    CHECK(next.wait(until) == woken::timed_out);
    CHECK(shim::semaphore_wait().calls() - before == next.looks());
    CHECK(next.looks() <= 2);  // a timer that is a little early
  }
}

TEST_CASE("... also if it is interrupted meanwhile") {
  shim::semaphore_wait().plan(KERN_ABORTED, 50, 1);
  late_signal wait;
  CHECK_FALSE(wait.is_finished());
  wait.p.unpark(wait.word);
  CHECK(wait.threads.join() == "");
  check_nothing_leaks();
}

// Takes the stray signals out of the semaphores in the pool.
void drain() {
  std::vector<park::semaphore> all(semaphores().count().idle);
  weir::atomic<std::uint32_t> word{1};
  for (park::semaphore& p : all) {
    REQUIRE(p.prepare());
    while (p.park(word, 1, soon(-1s, kind::monotonic))) {
    }
  }
  for (park::semaphore& p : all) p.finish(false);
}

TEST_CASE("signals of somebody else cost a look at the word, and are taken for none of ours") {
  constexpr unsigned count = 4;
  constexpr unsigned strays = 3;
  for (int i = 0; i < scaled(100); ++i) {
    const unsigned before = shim::semaphore_wait().calls();
    dormitory all(count);
    for (unsigned n = 0; n < strays; ++n) shim::signal_semaphores();
    // They have all looked, and wait again: a wake that is under way could not be told from a stray signal.
    CHECK(eventually([&] { return shim::semaphore_wait().calls() - before == count * (1 + strays); }));
    CHECK(all.end() == "");
    check_nothing_leaks();
    drain();
  }
}

TEST_CASE("a stray signal that has come before is not taken for the wake's") {
  late_signal wait(3);
  CHECK_FALSE(wait.is_finished());
  wait.p.unpark(wait.word);
  CHECK(wait.threads.join() == "");
  check_nothing_leaks();
  drain();
}

TEST_CASE("a semaphore that is destroyed under its waiter: the wait goes on, and the next has another one") {
  for (const bool ends : {false, true}) {
    record r;
    r.begin();
    const unsigned waits = shim::semaphore_wait().calls();
    crew threads;
    threads.add([&] {
      if (r.wait(ends ? soon(1h, kind::monotonic) : deadline::never()) != woken::done) fail("it was not woken");
    });
    REQUIRE(eventually([&] { return r.is_parked() && shim::semaphore_wait().calls() > waits; }));
    shim::destroy_semaphores();
    CHECK(r.is_parked());
    CHECK(r.wake());
    CHECK(threads.join() == "");
    CHECK(semaphores().count().drawn == 0);
  }
  record r;
  r.begin();
  crew threads;
  threads.add([&] {
    const deadline until = soon(5ms, kind::monotonic);
    if (r.wait(until) != woken::timed_out || !until.passed()) fail("the deadline was not kept");
  });
  REQUIRE(eventually([&] { return r.is_parked(); }));
  shim::destroy_semaphores();
  CHECK(threads.join() == "");
  // Those that lay in the pool are found out one by one.
  for (unsigned i = 0; i <= 2 * semaphore_pool::stretch; ++i) wait_once();
  check_nothing_leaks();
}

TEST_CASE("destroyed while the signal is on its way: the waiter goes when the waker has been there") {
  const int rounds = scaled(300);
  for (int i = 0; i < rounds; ++i) {
    late_signal wait;
    shim::destroy_semaphores();
    CHECK_FALSE(wait.is_finished());
    wait.p.unpark(wait.word);
    CHECK(wait.threads.join() == "");
    CHECK(semaphores().count().drawn == 0);
  }
}

// What ThreadSanitizer sees if [signal-sent] or [signal-awaited] is weaker: the waker's look at the semaphore, and the
// waiter's next one.
TEST_CASE("... and its next semaphore comes after the waker's look at this one") {
  park::semaphore p;
  weir::atomic<std::uint32_t> word{0};
  std::atomic<int> round{0};
  const int rounds = scaled(1000);
  crew threads;
  threads.add([&] {
    for (int i = 1; i <= rounds; ++i) {
      while (round.load(std::memory_order_acquire) < i) std::this_thread::yield();
      p.unpark(word);
    }
  });
  for (int i = 1; i <= rounds; ++i) {
    REQUIRE(p.prepare());
    shim::destroy_semaphores();
    round.store(i, std::memory_order_release);
    p.finish(true);
  }
  CHECK(threads.join() == "");
  CHECK(semaphores().count().drawn == 0);
}

TEST_CASE("a child has none of its parent's semaphores, and its own", "[fork]") {
  wait_once();
  REQUIRE(semaphores().count().idle > 0);
  const unsigned misuse = shim::misuse();
  const outcome child = forked([&] {
    int bad = unless(shim::semaphores() == 0 && semaphores().count().idle == 0, "some are left");
    for (int i = 0; i < 3; ++i) {
      record r;
      r.begin();
      bad |= unless(r.wait(soon(1ms, kind::monotonic)) == woken::timed_out, "it did not wait");
    }
    bad |= unless(shim::semaphores() == 1, "not one of its own");
    return bad | unless(shim::misuse() == misuse, "a semaphore of the parent was used");
  });
  CHECK(child.summary() == "exit 0");
  check_nothing_leaks();
}

TEST_CASE("a fork() while others draw and put back leaves a pool that works", "[fork]") {
  if (weir::port::under_tsan) return;  // a child starts no threads there while the parent has some
  std::atomic<bool> over{false};
  crew threads;
  for (int i = 0; i < 2; ++i) {
    threads.add([&] {
      while (!over.load(std::memory_order_relaxed)) {
        const std::uint32_t name = semaphores().draw();
        if (name == 0) return fail("there is none");
        semaphores().put_back(name);
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    const outcome child = forked([&] {
      const std::uint32_t name = semaphores().draw();
      semaphores().put_back(name);
      return unless(name != 0 && semaphores().count().drawn == 0, "the pool does not work");
    });
    CHECK(child.summary() == "exit 0");
  }
  over.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
  check_nothing_leaks();
}

}  // namespace
