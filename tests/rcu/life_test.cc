// Threads and processes that come and go, in and out of sections: nobody waits for a thread that is gone, and nobody
// forgets one that is there.
#include <atomic>
#include <csignal>
#include <memory>
#include <thread>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "weir/rcu/domain.h"

namespace {

using namespace weir::test;
using weir::rcu::default_domain;
using weir::rcu::domain;
using weir::rcu::grace_period;
using weir::rcu::reader;

// Whether polling comes to an end: a period that was begun before, and held up, is ended by the first step.
bool ends(domain& d, grace_period p) { return d.poll(p) || d.poll(p); }

// A thread that is inside a section of `d` until it is told to leave.
class sitter {
 public:
  explicit sitter(domain& d)
      : thread_([this, &d] {
          const reader r(d);
          gate_.pass();
        }) {
    REQUIRE(gate_.await(1));
  }
  ~sitter() { leave(); }
  sitter(const sitter&) = delete;
  sitter& operator=(const sitter&) = delete;
  void leave() {
    if (!thread_.joinable()) return;
    gate_.open();
    thread_.join();
  }

 private:
  gate gate_;
  std::thread thread_;
};

TEST_CASE("thousands of threads, one after the other, leave nothing to wait for") {
  domain d;
  for (int i = 0; i < scaled(10'000); ++i) {
    std::thread([&] { const reader r(d); }).join();
  }
  d.synchronize();
  CHECK(ends(d, d.start_poll()));
}

TEST_CASE("each of many sleeping readers is waited for, and only it") {
  domain d;
  domain other;
  std::vector<std::unique_ptr<sitter>> all;
  all.reserve(200);
  for (int i = 0; i < scaled(200); ++i) all.push_back(std::make_unique<sitter>(d));
  for (std::unique_ptr<sitter>& one : all) {
    const grace_period p = d.start_poll();
    CHECK_FALSE(d.poll(p));
    CHECK(ends(other, other.start_poll()));
    one->leave();
  }
  d.synchronize();
}

TEST_CASE("a thread that ends inside a section is reported, and not waited for") {
  const outcome child = forked([] {
    static domain d;
    std::thread([] { d.lock(); }).join();
    d.synchronize();
    return 0;
  });
  CHECK(child.exited);
  CHECK(child.status == 0);
  CHECK(child.text.find("weir: a thread has ended inside a read-side section of RCU") != std::string::npos);
}

// Reads when its thread's objects are destroyed.
struct late_reader {
  domain* d = nullptr;
  bool* read = nullptr;
  ~late_reader() {
    if (d == nullptr) return;
    const reader r(*d);
    const grace_period p = d->start_poll();
    *read = !d->poll(p);
  }
};

thread_local late_reader late;

TEST_CASE("the destructors of a thread's objects may read") {
  domain d;
  bool read = false;
  std::thread([&] {
    late.d = &d;
    late.read = &read;
    const reader r(d);
  }).join();
  CHECK(read);
  d.synchronize();
}

TEST_CASE("a signal handler may read, in the middle of a section and outside") {
  static domain d;
  static std::atomic<int> reads{0};
  struct sigaction a = {};
  a.sa_handler = [](int) {
    const reader r(d);
    const reader nested(d);
    reads.fetch_add(1, std::memory_order_relaxed);
  };
  struct sigaction before = {};
  ::sigaction(SIGUSR1, &a, &before);
  {
    const reader r(d);
    ::raise(SIGUSR1);
    const grace_period p = d.start_poll();
    CHECK_FALSE(d.poll(p));
  }
  ::raise(SIGUSR1);
  CHECK(ends(d, d.start_poll()));
  CHECK(reads.load(std::memory_order_relaxed) == 2);
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST_CASE("in a child after fork() only its own thread counts, whatever the others were doing", "[fork]") {
  static domain d;
  static domain mine;
  const sitter reading(d);
  std::atomic<bool> enough{false};
  crew threads;
  threads.add([&] {
    while (!enough.load(std::memory_order_relaxed)) mine.synchronize();
  });
  threads.add([&] {
    while (!enough.load(std::memory_order_relaxed)) const reader r(mine);
  });
  for (int i = 0; i < scaled(60); ++i) {
    const outcome child = forked([] {
      d.synchronize();
      mine.synchronize();
      const reader r(d);
      const grace_period p = d.start_poll();
      return unless(!d.poll(p), "the child's own section is not waited for");
    });
    CHECK(child.summary() == "exit 0");
  }
  enough.store(true, std::memory_order_relaxed);
  CHECK(threads.join() == "");
}

TEST_CASE("fork() inside a section: parent and child are inside", "[fork]") {
  domain d;
  const reader r(d);
  const outcome child = forked([&] {
    const grace_period p = d.start_poll();
    return unless(!d.poll(p), "the section that was open at the fork is not waited for");
  });
  CHECK(child.summary() == "exit 0");
}

TEST_CASE("domains come and go while threads that used them stay") {
  for (int i = 0; i < scaled(200); ++i) {
    domain d;
    { const reader r(d); }
    d.synchronize();
  }
  gate used;
  auto d = std::make_unique<domain>();
  std::thread user([&] {
    { const reader r(*d); }
    used.pass();
  });
  REQUIRE(used.await(1));
  d.reset();
  used.open();
  user.join();
}

TEST_CASE("sections of two domains do not hold each other up") {
  domain a;
  domain b;
  const reader in_a(a);
  b.synchronize();
  {
    const reader in_b(b);
    const grace_period p = a.start_poll();
    CHECK_FALSE(a.poll(p));
  }
  b.synchronize();
}

TEST_CASE("many callers share periods, and each returns only after its own") {
  domain d;
  std::atomic<int> returned{0};
  sitter reading(d);
  crew threads;
  for (int i = 0; i < 8; ++i) {
    threads.add([&] {
      d.synchronize();
      returned.fetch_add(1, std::memory_order_relaxed);
    });
  }
  for (int i = 0; i < 100; ++i) {
    CHECK(returned.load(std::memory_order_relaxed) == 0);
    std::this_thread::yield();
  }
  reading.leave();
  CHECK(threads.join() == "");
  CHECK(returned.load(std::memory_order_relaxed) == 8);
}

TEST_CASE("synchronize() inside a section of its domain is refused by an assertion") {
  const outcome child = forked([] {
    domain d;
    const reader r(d);
    d.synchronize();
    return 0;
  });
  CHECK_FALSE(child.exited);
  CHECK(child.text.find("synchronize() of an RCU domain inside a section of that domain") != std::string::npos);
}

TEST_CASE("unlock() without lock() is refused by an assertion") {
  const outcome child = forked([] {
    domain d;
    { const reader r(d); }
    d.unlock();
    return 0;
  });
  CHECK_FALSE(child.exited);
}

}  // namespace
