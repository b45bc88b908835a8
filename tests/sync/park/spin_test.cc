// The spin limit: twice the wake latency, and nothing on one processor. And who measures that latency.
#include <chrono>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/gate.h"
#include "tests/support/scale.h"
#include "tests/support/threads.h"
#include "tests/sync/park/parkers.h"
#include "tests/sync/park/sleeper.h"
#include "weir/sync/park/spin.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
using std::chrono::nanoseconds;
using weir::park::spin;
using weir::park::detail::cpus;

constexpr cpus several{4, 3};
constexpr cpus first{1, 0};
constexpr cpus second{1, 1};

TEST_CASE("the limit is twice what a wake takes, in pauses") {
  spin s(10ns, several);
  CHECK(s.latency() == spin::first_guess);
  CHECK(s.limit() == 2 * spin::first_guess / 10ns);
  for (int i = 0; i < 100; ++i) s.measured(20us);
  CHECK(s.latency() > 19'900ns);
  CHECK(s.latency() <= 20us);
  CHECK(s.limit() == 2 * s.latency() / 10ns);
  for (int i = 0; i < 100; ++i) s.measured(1us);
  CHECK(s.latency() < 1'100ns);
  CHECK(s.latency() >= 1us);
  CHECK(spin(40ns, several).limit() == spin(10ns, several).limit() / 4);
}

TEST_CASE("one measurement moves it a little, and nonsense is bounded") {
  spin s(10ns, several);
  s.measured(spin::first_guess + 8us);
  CHECK(s.latency() == spin::first_guess + 1us);
  for (int i = 0; i < 1000; ++i) s.measured(nanoseconds::max());
  CHECK(s.latency() <= spin::most);
  CHECK(s.limit() <= 2 * spin::most / 10ns);
  for (int i = 0; i < 1000; ++i) s.measured(nanoseconds::min());
  CHECK(s.latency() < 10ns);
  CHECK(spin(0ns, several).limit() > 0);  // a pause that takes no time
}

TEST_CASE("on one processor nobody spins") {
  spin s(10ns, first);
  CHECK(s.limit() == 0);
  s.measured(20us);
  CHECK(s.limit() == 0);
  s.saw(first);
  CHECK(s.limit() == 0);
}

TEST_CASE("threads that are bound to one processor each spin, if it is not the same one") {
  spin s(10ns, first);
  s.saw(second);
  CHECK(s.limit() != 0);
  for (unsigned i = 0; i < 10 * spin::doubts; ++i) {
    s.saw(i % 2 == 0 ? first : second);
    CHECK(s.limit() != 0);
  }
}

TEST_CASE("that there is but one processor left is believed after a while, and that there are several at once") {
  spin s(10ns, several);
  s.saw(first);
  for (unsigned i = 0; i < spin::doubts; ++i) {
    CHECK(s.limit() != 0);
    s.saw(first);
  }
  CHECK(s.limit() == 0);
  s.saw(first);
  CHECK(s.limit() == 0);
  s.saw(several);
  CHECK(s.limit() != 0);
}

// Two threads that wake one another.
void take_turns(int rounds, void (*at_start)()) {
  sleeper<measured_native> both[2];
  for (auto& s : both) s.begin();
  crew threads;
  for (int i = 0; i < 2; ++i) {
    threads.add([&, i] {
      at_start();
      for (int round = 0; round < rounds; ++round) {
        if (both[i].wait(soon(weir::test::deadline(), weir::park::deadline::kind::monotonic)) != woken::done) {
          return fail("a wake was lost");
        }
        both[i].begin();
        if (!(i == 1 && round == rounds - 1) && !both[1 - i].wake()) return fail("the other was not waiting");
      }
    });
  }
  CHECK(both[0].wake());
  CHECK(threads.join() == "");
}

TEST_CASE("what a wake takes is measured where there are several processors") {
  const spin& s = spin::of_this_process();
  if (weir::park::detail::cpus_of_this_thread().count < 2) {
    CHECK(s.limit() == 0);
    std::printf("left out: one processor\n");
    return;
  }
  CHECK(s.limit() != 0);
  // Each wait in 32 is measured, if it was asleep when it was woken; some are.
  CHECK(eventually([&] {
    take_turns(200, [] {});
    return s.latency() != spin::first_guess;
  }));
  CHECK(s.latency() > 0ns);
  CHECK(s.latency() <= spin::most);
  std::printf("a wake takes %lld ns, the limit is %u pauses\n", static_cast<long long>(s.latency().count()), s.limit());
}

}  // namespace
