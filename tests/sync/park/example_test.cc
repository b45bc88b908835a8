// The examples of the headers, as they stand there.
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/support/catch.h"
#include "weir/barrier/port.h"
#include "weir/sync/park/measured.h"
#include "weir/sync/park/native.h"
#include "weir/sync/park/spin.h"
#include "weir/sync/park/timeout.h"

namespace {

using namespace weir::park;

constexpr std::uint32_t pending = 1, done = 2, timed_out = 3, parked = 8;

struct record {
  weir::atomic<std::uint32_t> word{0};
  measured<native> parker;
};

bool wait(record& r, const deadline& until) {
  if (!r.parker.prepare()) return false;
  std::uint32_t now = pending;
  if (!r.word.compare_exchange_strong(now, pending | parked, std::memory_order_release, std::memory_order_acquire)) {
    r.parker.finish(false);
    return true;
  }
  now = pending | parked;
  while (now == (pending | parked)) {
    if (r.parker.park(r.word, now, until)) {
      now = r.word.load(std::memory_order_acquire);
    } else if (r.word.compare_exchange_strong(now, timed_out, std::memory_order_acquire, std::memory_order_acquire)) {
      r.parker.finish(false);
      return false;
    }
  }
  r.parker.finish(true);
  return true;
}

void wake(record& r) {
  std::uint32_t now = r.word.load(std::memory_order_relaxed);
  do {
    if ((now & ~parked) != pending) return;
  } while (!r.word.compare_exchange_weak(now, done, std::memory_order_acq_rel, std::memory_order_relaxed));
  if ((now & parked) != 0) r.parker.unpark(r.word);
}

TEST_CASE("parker.h: one wait, and who ends it") {
  record r;
  r.word.store(pending, std::memory_order_relaxed);
  std::thread waker([&] { wake(r); });
  CHECK(wait(r, deadline::never()));
  waker.join();
  r.word.store(pending, std::memory_order_relaxed);
  CHECK_FALSE(wait(r, timeout::after(std::chrono::milliseconds(1)).from(system_clock())));
}

TEST_CASE("timeout.h: never, for a time, until a moment") {
  record r;
  for (const timeout t : {timeout::after(std::chrono::milliseconds(10)), timeout::after(std::chrono::seconds(0)),
                          timeout::at(std::chrono::system_clock::now() + std::chrono::milliseconds(10))}) {
    r.word.store(pending, std::memory_order_relaxed);
    CHECK_FALSE(wait(r, t.from(system_clock())));
  }
}

TEST_CASE("spin.h: spin for a while, and then sleep") {
  record r;
  r.word.store(pending, std::memory_order_relaxed);
  std::thread waker([&] { wake(r); });
  const auto ready = [&] { return r.word.load(std::memory_order_acquire) == done; };
  unsigned left = spin::of_this_process().limit();
  while (!ready() && left-- != 0) weir::port::relax();
  if (!ready()) CHECK(wait(r, deadline::never()));
  waker.join();
  CHECK(ready());
}

}  // namespace
