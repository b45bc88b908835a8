// Which calls umtx makes, and what it takes the kernel's answers for. FreeBSD's file, over tests/support/shim.
#include <cerrno>
#include <chrono>
#include <ctime>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/support/shim/freebsd/umtx.h"
#include "tests/support/threads.h"
#include "tests/sync/park/clock.h"
#include "tests/sync/park/parkers.h"
#include "tests/sync/park/sleeper.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
namespace park = weir::park;
namespace shim = weir::shim::freebsd;
using park::deadline;
using kind = deadline::kind;

TEST_CASE("umtx is native there") { CHECK(std::string(park::native::name) == "umtx"); }

// How many waits by the wall clock, by the monotonic one, and in all it takes.
struct waits {
  unsigned wall = shim::umtx_waits_by(CLOCK_REALTIME);
  unsigned monotonic = shim::umtx_waits_by(CLOCK_MONOTONIC);
  unsigned all = shim::umtx_wait().calls();

  [[nodiscard]] std::string since() const {
    const waits now;
    return std::to_string(now.wall - wall) + " " + std::to_string(now.monotonic - monotonic) + " " +
           std::to_string(now.all - all);
  }
};

std::string waits_of(const deadline& until) {
  const waits before;
  park::umtx p;
  weir::atomic<std::uint32_t> word{1};
  CHECK(p.prepare());
  CHECK_FALSE((p.park(word, 1, until) && until.passed()));
  p.finish(false);
  return before.since();
}

TEST_CASE("the kernel is told of its own clocks") {
  CHECK(waits_of(soon(1us, kind::monotonic)) == "0 1 1");
  CHECK(waits_of(soon(1us, kind::wall)) == "1 0 1");
  CHECK(waits_of(deadline::wall(-1h, park::system_clock())) == "1 0 1");
  const test_clock other;  // naps are by the monotonic clock
  CHECK(waits_of(deadline::wall(other.wall(other) + 1h, other)) == "0 1 1");
  const waits before;
  sleeper<park::umtx> s;
  s.begin();
  crew threads;
  threads.add([&] {
    if (s.wait(deadline::never()) != woken::done) fail("it was not woken");
  });
  CHECK(eventually([&] { return shim::umtx_wait().calls() > before.all; }));
  CHECK(s.wake());
  CHECK(threads.join() == "");
  CHECK(before.since() == "0 0 1");
  CHECK(shim::umtx_misuse() == 0);
}

template <class P>
unsigned shared_calls() {
  const unsigned before = shim::umtx_shared_calls();
  sleeper<P> s;
  s.begin();
  CHECK(s.wait(soon(1us, kind::monotonic)) == woken::timed_out);
  weir::atomic<std::uint32_t> word{1};
  s.parker().unpark(word);
  return shim::umtx_shared_calls() - before;
}

TEST_CASE("only what is shared asks for other processes") {
  CHECK(shared_calls<park::umtx>() == 0);
  CHECK(shared_calls<park::shared_umtx>() >= 2);
}

TEST_CASE("a time-out that comes before its time is none; a signal ends nothing") {
  sleeper<park::umtx> s;
  for (const int error : {ETIMEDOUT, EINTR}) {
    for (const kind by : {kind::monotonic, kind::wall}) {
      const unsigned before = s.looks();
      shim::umtx_wait().plan(error, 100);
      const deadline until = soon(20ms, by);
      s.begin();
      CHECK(s.wait(until) == woken::timed_out);
      CHECK(until.passed());
      CHECK(s.looks() - before > 100);
    }
  }
}

TEST_CASE("any other refusal is the end") {
  for (const bool waits : {true, false}) {
    const outcome o = forked([&] {
      (waits ? shim::umtx_wait() : shim::umtx_wake()).plan(EFAULT);
      park::umtx p;
      weir::atomic<std::uint32_t> word{1};
      if (waits) {
        static_cast<void>(p.park(word, 1, deadline::never()));
      } else {
        p.unpark(word);
      }
      return 0;
    });
    CHECK_FALSE(o.exited);
    CHECK(o.text.find(waits ? "weir: _umtx_op(2) refuses to wait" : "weir: _umtx_op(2) refuses to wake") !=
          std::string::npos);
  }
}

}  // namespace
