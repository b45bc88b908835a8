// Which calls futex makes, and what it takes the kernel's answers for: under filters of system calls.
#include <cerrno>
#include <chrono>
#include <linux/futex.h>
#include <string>
#include <sys/syscall.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/seccomp.h"
#include "tests/sync/park/clock.h"
#include "tests/sync/park/parkers.h"
#include "weir/sync/park/futex.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
namespace park = weir::park;
using park::deadline;
using kind = deadline::kind;
using seccomp::argument;

constexpr std::uint32_t wait_private = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG;
constexpr std::uint32_t wait_shared = FUTEX_WAIT_BITSET;
constexpr std::uint32_t by_wall = FUTEX_CLOCK_REALTIME;

bool cannot() {
  if (seccomp::works()) return false;
  std::printf("left out: no filters of system calls here (seccomp)\n");
  return true;
}

// In a child where futex(2) with this operation fails with `error`: one look at what park() says.
template <class P>
outcome park_refused(std::uint32_t operation, int error, const deadline& until) {
  return forked([&] {
    if (seccomp::filter().on(SYS_futex, argument{1, operation}, seccomp::fail(error)).install() != 0) return 2;
    P p;
    weir::atomic<std::uint32_t> word{1};
    static_cast<void>(p.prepare());
    const bool in_time = p.park(word, 1, until);
    p.finish(false);
    return in_time ? 10 : 11;
  });
}

// ENOSYS for the one operation that is to be used, and death of it.
template <class P>
void check_uses(std::uint32_t operation, const deadline& until) {
  CAPTURE(operation);
  const outcome o = park_refused<P>(operation, ENOSYS, until);
  CHECK_FALSE(o.exited);
  CHECK(o.text.find("weir: futex(2) refuses to wait (Function not implemented)") != std::string::npos);
}

TEST_CASE("the kernel is told of its own clocks, and of who may wake", "[filter]") {
  if (cannot()) return;
  for (const auto time : {0ns, 1'000'000ns}) {
    check_uses<park::futex>(wait_private, soon(time, kind::monotonic));
    check_uses<park::futex>(wait_private | by_wall, soon(time, kind::wall));
    check_uses<park::shared_futex>(wait_shared, soon(time, kind::monotonic));
    check_uses<park::shared_futex>(wait_shared | by_wall, soon(time, kind::wall));
  }
  check_uses<park::futex>(wait_private, deadline::never());
  check_uses<park::shared_futex>(wait_shared, deadline::never());
  const test_clock other;  // naps are by the monotonic clock
  check_uses<park::futex>(wait_private, deadline::wall(1h, other));
  check_uses<park::futex>(wait_private, deadline::monotonic(1000h, other));
}

TEST_CASE("a time-out that comes before its time is none; a signal ends nothing", "[filter]") {
  if (cannot()) return;
  for (const kind by : {kind::monotonic, kind::wall}) {
    const std::uint32_t operation = wait_private | (by == kind::wall ? by_wall : 0);
    for (const int error : {ETIMEDOUT, EINTR, EAGAIN}) {
      CHECK(park_refused<park::futex>(operation, error, soon(1h, by)).status == 10);
    }
    CHECK(park_refused<park::futex>(operation, ETIMEDOUT, soon(-1h, by)).status == 11);
    CHECK(park_refused<park::futex>(operation, EINTR, soon(-1h, by)).status == 10);
  }
}

TEST_CASE("a wake that is refused is the end: the sleeper would sleep for ever", "[filter]") {
  if (cannot()) return;
  const outcome o = forked([] {
    const seccomp::filter none =
        seccomp::filter().on(SYS_futex, argument{1, FUTEX_WAKE_PRIVATE}, argument{2, 1}, seccomp::fail(EPERM));
    if (none.install() != 0) return 2;
    park::futex p;
    weir::atomic<std::uint32_t> word{1};
    p.unpark(word);
    return 0;
  });
  CHECK_FALSE(o.exited);
  CHECK(o.text.find("weir: futex(2) refuses to wake (Operation not permitted)") != std::string::npos);
}

}  // namespace
