// Property: what need not wait, and wakes nobody, makes no system call. Counted by the kernel: a filter that lets
// nothing through, but what ends the process and what returns from the handler that counts.
//
// Linux. Each operation has a process of its own, since a filter stays.
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <span>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/seccomp.h"
#include "weir/sync/nt/objects.h"

namespace {

using namespace weir::test;
using namespace std::chrono_literals;
namespace nt = weir::nt;
using nt::status;

constexpr int times = 1000;

volatile std::sig_atomic_t calls = 0;
volatile std::sig_atomic_t first_call = 0;

void count_call(int, siginfo_t* what, void*) {
  if (calls == 0) first_call = what->si_syscall;
  calls = calls + 1;
}

[[nodiscard]] bool count_from_now_on() {
  struct sigaction how {};
  how.sa_sigaction = &count_call;
  how.sa_flags = SA_SIGINFO;
  seccomp::filter all;
  all.on(SYS_exit_group, seccomp::answer::allow).on(SYS_rt_sigreturn, seccomp::answer::allow);
  all.on(SYS_write, {.number = 0, .value = STDOUT_FILENO}, seccomp::answer::allow);
  all.otherwise(seccomp::answer::trap);
  return ::sigaction(SIGSYS, &how, nullptr) == 0 && all.install() == 0;
}

// The sentence goes out by one call of its own.
[[nodiscard]] int tell() {
  std::array<char, 80> text;
  const int counted = calls;
  const int n = std::snprintf(text.data(), text.size(), "%d calls, the first one is number %d", counted,
                              static_cast<int>(first_call));
  const bool told = counted == 0 || ::write(STDOUT_FILENO, text.data(), static_cast<std::size_t>(n)) == n;
  return told ? std::min(counted, 99) : 102;
}

// "exit 0": it has done what it should, a thousand times, without a call. "exit 100": it has not done it.
[[nodiscard]] std::string calls_of(const std::function<bool()>& operation) {
  return forked([&] {
           if (!operation()) return 100;  // the thread's record, the first pages of what it writes to
           if (!count_from_now_on()) return 101;
           for (int i = 0; i < times; ++i) {
             if (!operation()) return 100;
           }
           return tell();
         })
      .summary();
}

bool filters_work() {
  if (seccomp::works()) return true;
  WARN("there are no filters of system calls here");
  return false;
}

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
