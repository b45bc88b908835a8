// Parkers whose word lies in memory that several processes have: who sleeps in one is woken from another.
#include <chrono>
#include <new>
#include <sys/mman.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/gate.h"
#include "tests/sync/park/parkers.h"
#include "tests/sync/park/sleeper.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
namespace park = weir::park;
using kind = park::deadline::kind;
using shared = WEIR_SHARED_PARKER;

// Made anew in memory that a child shares; never unmapped.
template <class T>
T& in_shared_memory() {
  void* const p = ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(p != MAP_FAILED);
  return *::new (p) T;
}

TEST_CASE("a process wakes another") {
  auto& s = in_shared_memory<sleeper<shared>>();
  for (int i = 0; i < 50; ++i) {
    s.begin();
    beside child([&] { return unless(s.wait(soon(10s, kind::monotonic)) == woken::done, "it was not woken"); });
    REQUIRE(eventually([&] { return s.is_parked(); }));
    CHECK(s.wake());
    REQUIRE(child.end().summary() == "exit 0");
  }
}

TEST_CASE("a process wakes this one") {
  auto& s = in_shared_memory<sleeper<shared>>();
  for (int i = 0; i < 50; ++i) {
    s.begin();
    beside child([&] { return unless(eventually([&] { return s.is_parked(); }) && s.wake(), "it did not wait"); });
    REQUIRE(s.wait(soon(10s, kind::wall)) == woken::done);
    CHECK(child.end().summary() == "exit 0");
  }
}

}  // namespace
