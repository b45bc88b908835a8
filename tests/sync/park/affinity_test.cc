// Which processors a thread may run on, by sched_setaffinity(2): the spin limit follows.
#include <sched.h>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/threads.h"
#include "tests/sync/park/parkers.h"
#include "tests/sync/park/sleeper.h"
#include "weir/sync/park/cpus.h"
#include "weir/sync/park/spin.h"

namespace {

using namespace weir::test;
using weir::park::spin;
using weir::park::detail::cpus_of_this_thread;

// The last processor that this process may run on.
int last_cpu() {
  cpu_set_t mine;
  REQUIRE(::sched_getaffinity(0, sizeof mine, &mine) == 0);
  int last = 0;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(static_cast<unsigned>(i), &mine)) last = i;
  }
  return last;
}

void bind_to(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<unsigned>(cpu), &one);
  if (::sched_setaffinity(0, sizeof one, &one) != 0) fail("sched_setaffinity");
}

TEST_CASE("a thread sees what it may run on, and that this has changed") {
  cpu_set_t mine;
  REQUIRE(::sched_getaffinity(0, sizeof mine, &mine) == 0);
  CHECK(cpus_of_this_thread().count == static_cast<unsigned>(CPU_COUNT(&mine)));
  const int last = last_cpu();
  unsigned count = 0;
  unsigned only = 0;
  crew threads;
  threads.add([&] {
    bind_to(last);
    count = cpus_of_this_thread().count;
    only = cpus_of_this_thread().only;
  });
  CHECK(threads.join() == "");
  CHECK(count == 1);
  CHECK(only == static_cast<unsigned>(last));
}

TEST_CASE("threads that are all bound to one processor stop spinning; when they are not, they spin again") {
  const spin& s = spin::of_this_process();
  const bool several = cpus_of_this_thread().count > 1;
  const int cpu = last_cpu();
  CHECK((s.limit() != 0) == several);
  for (const bool bound : {true, false, true}) {
    crew threads;
    threads.add([&, bound] {
      if (bound) bind_to(cpu);
      sleeper<measured_native> one;
      for (unsigned i = 0; i < (spin::doubts + 2) * measured_native::each; ++i) {
        one.begin();
        if (one.wait(soon(std::chrono::nanoseconds(0), weir::park::deadline::kind::monotonic)) != woken::timed_out) {
          fail("it did not time out");
        }
      }
    });
    CHECK(threads.join() == "");
    CHECK((s.limit() != 0) == (several && !bound));
  }
}

}  // namespace
