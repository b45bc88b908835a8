// Timeouts and deadlines: by which clock, and at the ends of what it can say.
#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>

#include "tests/support/catch.h"
#include "tests/sync/park/clock.h"
#include "weir/sync/park/clock.h"
#include "weir/sync/park/deadline.h"
#include "weir/sync/park/timeout.h"

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using weir::park::deadline;
using weir::park::system_clock;
using weir::park::timeout;
using weir::test::test_clock;

TEST_CASE("never does not pass, and has no end") {
  test_clock c;
  for (const deadline d : {deadline(), deadline::never(), timeout().from(c), timeout::never().from(c)}) {
    CHECK(d.what() == deadline::kind::never);
    CHECK_FALSE(d.passed());
    CHECK(d.left() == nanoseconds::max());
    CHECK(d.nap() == nanoseconds::max());
    CHECK(d.for_kernel().what() == deadline::kind::never);
  }
  CHECK(timeout().is_never());
  CHECK(timeout::never().is_never());
  CHECK_FALSE(timeout::never().only_polls());
}

TEST_CASE("a relative timeout goes by the monotonic clock, whatever becomes of the wall clock") {
  test_clock c;
  const deadline d = timeout::after(10s).from(c);
  CHECK(d.what() == deadline::kind::monotonic);
  CHECK(d.left() == 10s);
  c.step(1h);
  CHECK(d.left() == 10s);
  c.step(-48h);
  CHECK(d.left() == 10s);
  c.pass(10s - 1ns);
  CHECK_FALSE(d.passed());
  CHECK(d.left() == 1ns);
  c.pass(1ns);
  CHECK(d.passed());
  CHECK(d.left() == 0ns);
  c.pass(1ns);
  CHECK(d.passed());
}

TEST_CASE("an absolute timeout goes with the wall clock, wherever that is set") {
  test_clock c;
  const deadline d = timeout::at(c.wall(c) + 10s).from(c);
  CHECK(d.what() == deadline::kind::wall);
  c.step(10s);
  CHECK(d.passed());
  c.step(-1h);
  CHECK_FALSE(d.passed());
  CHECK(d.left() == 1h);
  c.pass(1h);
  CHECK(d.passed());
  const std::chrono::system_clock::time_point moment(std::chrono::seconds(1'700'000'000));
  CHECK(timeout::at(moment).from(c).at() == nanoseconds(1'700'000'000s));
}

TEST_CASE("what only polls is known without a clock") {
  CHECK(timeout::after(0ns).only_polls());
  CHECK(timeout::after(-1h).only_polls());
  CHECK(timeout::after(nanoseconds::min()).only_polls());
  CHECK_FALSE(timeout::after(1ns).only_polls());
  CHECK_FALSE(timeout::at(nanoseconds(0)).only_polls());  // a moment, which has passed: the clock says so
  test_clock c;
  CHECK(timeout::after(0ns).from(c).passed());
  CHECK(timeout::after(nanoseconds::min()).from(c).passed());
}

TEST_CASE("nothing wraps around at the ends of the clocks") {
  test_clock c;
  const deadline last = timeout::after(nanoseconds::max()).from(c);
  CHECK(last.at() == nanoseconds::max());
  CHECK_FALSE(last.passed());
  CHECK(last.left() == nanoseconds::max() - c.monotonic(c));
  CHECK(timeout::at(nanoseconds::min()).from(c).passed());
  CHECK(timeout::at(nanoseconds::min()).from(c).left() == 0ns);
  CHECK_FALSE(timeout::at(nanoseconds::max()).from(c).passed());
  c.step(-24h * 365 * 200);  // a wall clock before 1970
  CHECK(c.wall(c) < 0ns);
  CHECK(timeout::at(nanoseconds::max()).from(c).left() == nanoseconds::max());
  CHECK(timeout::at(-24h * 365 * 100).from(c).left() == c.wall(c) * -1 - 24h * 365 * 100);
  // The end of a nap by the system's own clock.
  CHECK(timeout::after(nanoseconds::max()).from(system_clock()).for_kernel().at() == nanoseconds::max());
}

TEST_CASE("a time that nanoseconds cannot count is the longest there is, and not one that has passed") {
  test_clock c;
  for (const timeout t : {timeout::after(std::chrono::seconds::max()), timeout::after(std::chrono::hours::max()),
                          timeout::after(std::chrono::microseconds::max()), timeout::after(std::chrono::days::max()),
                          timeout::after(std::chrono::duration<std::uint64_t>::max()),
                          timeout::after(std::chrono::duration<std::uint64_t, std::nano>::max())}) {
    CHECK_FALSE(t.only_polls());
    CHECK(t.from(c).at() == nanoseconds::max());
  }
  for (const timeout t : {timeout::after(std::chrono::seconds::min()), timeout::after(std::chrono::hours::min())}) {
    CHECK(t.only_polls());
    CHECK(t.from(c).passed());
  }
  CHECK(timeout::at(std::chrono::seconds::max()).from(c).at() == nanoseconds::max());
  CHECK(timeout::at(std::chrono::seconds::min()).from(c).at() == nanoseconds::min());
  // The system's clock may count in anything.
  const auto ends = [&](auto unit) {
    using point = std::chrono::time_point<std::chrono::system_clock, decltype(unit)>;
    return timeout::at(point::max()).from(c).at() == nanoseconds::max() &&
           timeout::at(point::min()).from(c).at() == nanoseconds::min();
  };
  CHECK(ends(nanoseconds()));
  CHECK(ends(std::chrono::microseconds()));
  CHECK(ends(std::chrono::seconds()));
  CHECK(ends(std::chrono::system_clock::duration()));
  // The last ones that can be told are told as they are.
  constexpr std::chrono::seconds last(nanoseconds::max().count() / 1'000'000'000);
  CHECK(timeout::at(last).from(c).at() == nanoseconds(last));
  CHECK(timeout::at(-last).from(c).at() == nanoseconds(-last));
  CHECK(timeout::at(last + 1s).from(c).at() == nanoseconds::max());
  CHECK(timeout::at(-last - 1s).from(c).at() == nanoseconds::min());
}

TEST_CASE("who can only sleep for a time looks at the clock again before long") {
  test_clock c;
  CHECK(timeout::after(1h).from(c).nap() == c.recheck);
  CHECK(timeout::after(10us).from(c).nap() == 10us);
  CHECK(timeout::at(c.wall(c) + 1h).from(c).nap() == c.recheck);
  const weir::park::clock& system = system_clock();
  const nanoseconds rest = timeout::after(1h).from(system).nap();
  CHECK((rest > 59min && rest <= 1h));
  CHECK(timeout::at(system.wall(system) + 1h).from(system).nap() == deadline::notices_steps);
}

TEST_CASE("a kernel is told of its own clocks, and of the end of a nap by any other") {
  test_clock c;
  const weir::park::clock& system = system_clock();
  const deadline mine = timeout::at(system.wall(system) + 1h).from(system).for_kernel();
  CHECK(mine.what() == deadline::kind::wall);
  CHECK(mine.left() > 59min);
  for (const deadline d : {timeout::after(1h).from(c), timeout::at(c.wall(c) + 1h).from(c)}) {
    const deadline nap = d.for_kernel();
    CHECK(nap.what() == deadline::kind::monotonic);
    CHECK(nap.left() <= c.recheck);
    CHECK(nap.at() > system.monotonic(system) - 10min);
  }
}

TEST_CASE("the system's clocks: one does not go back, the other is the time") {
  const weir::park::clock& system = system_clock();
  nanoseconds last = system.monotonic(system);
  for (int i = 0; i < 1000; ++i) {
    const nanoseconds now = system.monotonic(system);
    REQUIRE(now >= last);
    last = now;
  }
  const nanoseconds theirs = std::chrono::system_clock::now().time_since_epoch();
  const nanoseconds off = system.wall(system) - theirs;
  CHECK((off > -10min && off < 10min));
}

}  // namespace
