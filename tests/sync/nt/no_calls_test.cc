// Property: what need not wait, and wakes nobody, makes no system call.
#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/sync/nt/no_calls.h"
#include "weir/sync/nt/objects.h"

namespace {

using namespace std::chrono_literals;
using namespace weir::test;
namespace nt = weir::nt;
using nt::status;

const weir::park::timeout at_once = weir::park::timeout::after(0ns);

// Manual events, of which the last one is set; or all.
class events {
 public:
  events(std::size_t count, bool all) : count_(count) {
    for (std::size_t i = 0; i < count; ++i) {
      events_[i] = nt::event::manual(all || i == count - 1);
      objects_[i] = &events_[i];
    }
  }
  [[nodiscard]] std::span<const nt::object* const> list() const { return std::span(objects_).first(count_); }

 private:
  std::size_t count_;
  std::array<nt::event, 64> events_;
  std::array<const nt::object*, 64> objects_{};
};

}  // namespace

TEST_CASE("a call is counted") {
  if (!filters_work()) return;
  CHECK(calls_of([] { return ::syscall(SYS_getppid) != 0; }) ==
        "exit 99\n1000 calls, the first one is number " + std::to_string(SYS_getppid));
}

TEST_CASE("events") {
  if (!filters_work()) return;
  nt::event e = nt::event::automatic();
  nt::event manual = nt::event::manual();
  CHECK(calls_of([&] { return e.set() == 0 && nt::wait(e) == status::wait_0; }) == "exit 0");
  CHECK(calls_of([&] { return manual.set() == 0 && nt::wait(manual) == status::wait_0 && manual.reset() == 1; }) ==
        "exit 0");
  CHECK(calls_of([&] { return e.set() == 0 && e.set() == 1 && e.reset() == 1 && e.reset() == 0; }) == "exit 0");
  CHECK(calls_of([&] { return e.pulse() == 0 && manual.pulse() == 0 && e.query() == 0; }) == "exit 0");
  CHECK(calls_of([&] { return nt::wait(e, at_once) == status::timeout; }) == "exit 0");
}

TEST_CASE("semaphores") {
  if (!filters_work()) return;
  nt::semaphore s = nt::semaphore::make(1, 3);
  CHECK(calls_of([&] { return nt::wait(s) == status::wait_0 && s.release() == status::success; }) == "exit 0");
  CHECK(calls_of([&] {
          return s.release(2) == status::success && s.release() == status::semaphore_limit_exceeded &&
                 nt::wait(s) == status::wait_0 && nt::wait(s) == status::wait_0 && s.query() == 1;
        }) == "exit 0");
}

TEST_CASE("mutants") {
  if (!filters_work()) return;
  nt::mutant m = nt::mutant::make();
  CHECK(calls_of([&] { return nt::wait(m) == status::wait_0 && m.release() == status::success; }) == "exit 0");
  CHECK(calls_of([&] {
          return nt::wait(m) == status::wait_0 && nt::wait(m) == status::wait_0 && m.query().owned &&
                 m.release() == status::success && m.release() == status::success &&
                 m.release() == status::mutant_not_owned;
        }) == "exit 0");
}

TEST_CASE("waits for any") {
  if (!filters_work()) return;
  const events all(64, true);
  const events last(64, false);
  nt::event e = nt::event::automatic();
  nt::event other = nt::event::automatic();
  CHECK(calls_of([&] { return nt::wait_any(all.list()) == status::wait_0; }) == "exit 0");
  CHECK(calls_of([&] { return nt::wait_any(last.list()) == static_cast<status>(63); }) == "exit 0");
  CHECK(calls_of([&] { return other.set() == 0 && nt::wait_any({&e, &other}) == static_cast<status>(1); }) == "exit 0");
  CHECK(calls_of([&] { return nt::wait_any({&e, &other}, at_once) == status::timeout; }) == "exit 0");
}

TEST_CASE("waits for all") {
  if (!filters_work()) return;
  const events two(2, true);
  const events eight(8, true);
  const events missing(8, false);
  nt::event e = nt::event::automatic();
  nt::semaphore s = nt::semaphore::make(0, 1);
  nt::mutant m = nt::mutant::make();
  CHECK(calls_of([&] { return nt::wait_all(two.list()) == status::wait_0; }) == "exit 0");
  CHECK(calls_of([&] { return nt::wait_all(eight.list()) == status::wait_0; }) == "exit 0");
  CHECK(calls_of([&] { return nt::wait_all(missing.list(), at_once) == status::timeout; }) == "exit 0");
  CHECK(calls_of([&] {
          return e.set() == 0 && s.release() == status::success && nt::wait_all({&e, &s, &m}) == status::wait_0 &&
                 m.release() == status::success;
        }) == "exit 0");
}

TEST_CASE("objects are made from those that have ended") {
  if (!filters_work()) return;
  CHECK(calls_of([] { return static_cast<bool>(nt::event::automatic()); }) == "exit 0");
}
