// fork() and exec(): a child finds no lock taken by a thread it does not have, and its barrier works at once; a new
// program starts anew.
#include <map>

#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;

weir::test::child forks(const char* busy, int number) {
  // A thread that has ended and is not joined yet can never be joined in the child: no leak of the program's.
  return sanitized("TSAN_OPTIONS", "report_thread_leaks=0", probe({busy, std::to_string(number)}, "forks"));
}

TEST_CASE("children of a process whose threads call heavy() all the time: none hangs, none fails") {
  for (const char* barrier : {"", "fence"}) {
    const ended e = run(with(barrier, forks("heavy", 200)));
    INFO(e);
    CHECK(e.well());
    CHECK(e.value("failed") == "0");
    CHECK(e.value("active") == (*barrier != 0 ? barrier : undisturbed()));
  }
}

TEST_CASE("children of a process with mprotect") {
  if (!mprotect_is_here()) return;
  const ended e = run(with("mprotect", forks("heavy", 200)));
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("failed") == "0");
}

TEST_CASE("children of a process whose threads join shared headers all the time: SIGSYS is as it was") {
  const ended e = run(forks("join", 200));
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("failed") == "0");
}

TEST_CASE("a fork while another thread makes the choice") {
  for (int i = 0; i < 40; ++i) {
    const int spins = i * i * 200;  // from at once to about a few milliseconds later
    const ended e = run(forks("choose", spins));
    INFO(spins << ": " << e);
    REQUIRE(e.well());
    REQUIRE(e.value("failed") == "0");
    REQUIRE(e.value("active") == undisturbed());
  }
}

TEST_CASE("a fork while another thread makes a choice that SIGSYS decides") {
  if (!can_filter()) return;
  for (int i = 0; i < 10; ++i) {
    const ended e = run(under(refuse(seccomp::answer::trap), forks("choose", i * 50)));
    INFO(i << ": " << e);
    REQUIRE(e.well());
    REQUIRE(e.value("failed") == "0");
    REQUIRE(e.value("active") == without_membarrier());
  }
}

// By command. Of a run that prints `name` as `expected`.
std::map<int, int> count_calls(weir::test::child c, const char* name, const char* expected) {
  std::map<int, int> calls;
  c.filter = refuse(seccomp::answer::ask);
  c.decide = [&](const seccomp_data& call) {
    ++calls[static_cast<int>(call.args[0])];
    return 0;
  };
  const ended e = run(c);
  INFO(e);
  CHECK(e.well());
  CHECK(e.value(name) == expected);
  return calls;
}

TEST_CASE("Linux keeps the registration over fork(): children call without registering again") {
  if (!can_count()) return;
  const std::map<int, int> calls = count_calls(forks("quiet", 4), "failed", "0");
  CHECK(calls.at(MEMBARRIER_CMD_QUERY) == 1);
  CHECK(calls.at(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 1);
  CHECK(calls.at(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 1 + 4 * 3);  // the trial; three in each child, none repeated
}

TEST_CASE("exec() ends the registration: the new program registers, also in a child") {
  for (const char* how : {"exec", "fork-exec"}) {
    const ended e = run(probe({how}));
    INFO(e);
    CHECK(e.well());
    CHECK(e.value("active") == undisturbed());
    if (!can_count()) continue;
    const std::map<int, int> calls = count_calls(probe({how}), "active", "membarrier");
    CHECK(calls.at(MEMBARRIER_CMD_QUERY) == 2);
    CHECK(calls.at(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 2);
    CHECK(calls.at(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 2 + 1 + 5);
  }
}

}  // namespace
