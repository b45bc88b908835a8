// A system that refuses membarrier(2) from the start: the process must run on fences (or mprotect, where that is
// sound), say why, and never be silently unordered. In front of it: whoever named the strategy gets a sentence and
// abort().
#include <cerrno>
#include <csignal>

#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;

// Everything works, on what is left, and describe() contains `reason`.
void check_fallback(const ended& e, const std::string& reason) {
  INFO(e);
  CHECK(e.well());
  CHECK(e.err.empty());
  CHECK(e.value("active") == without_membarrier());
  CHECK(e.value("describe").find("not membarrier: " + reason) != std::string::npos);
  CHECK((e.value("barriers") == "0") == (without_membarrier() == "fence"));
}

TEST_CASE("a system without the call: the next best strategy, and describe() says why") {
  if (!can_filter()) return;
  check_fallback(run(under(refuse(seccomp::fail(ENOSYS)), probe({"state"}))), "no such call here (ENOSYS)");
}

TEST_CASE("a filter that denies the call: the next best strategy, and describe() guesses the filter") {
  if (!can_deny()) return;
  check_fallback(run(under(refuse(seccomp::fail(EPERM)), probe({"state"}))),
                 "asking for its commands failed (Operation not permitted): a filter of system calls, probably");
  check_fallback(run(under(refuse(seccomp::fail(EACCES)), probe({"state"}))),
                 "asking for its commands failed (Permission denied): a filter of system calls, probably");
}

TEST_CASE("a filter that lets some commands through: each step notices") {
  if (!can_filter() || !membarrier_is_here()) return;
  for (const seccomp::answer how : {seccomp::fail(EPERM), seccomp::fail(ENOSYS), seccomp::answer::trap}) {
    const bool eperm = how == seccomp::fail(EPERM);
    const std::string error = eperm ? "(Operation not permitted)" : "(Function not implemented)";
    check_fallback(run(under(refuse(MEMBARRIER_CMD_QUERY, how), probe({"state"}))),
                   eperm ? "asking for its commands failed " + error : "no such call here (ENOSYS)");
    check_fallback(run(under(refuse(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, how), probe({"state"}))),
                   "registering failed " + error);
    check_fallback(run(under(refuse(MEMBARRIER_CMD_PRIVATE_EXPEDITED, how), probe({"state"}))),
                   "the first call failed " + error);
  }
}

TEST_CASE("across processes: a member that is refused the kernel's barrier uses fences and says why") {
  if (!can_filter()) return;
  for (const seccomp::answer how : {seccomp::fail(ENOSYS), seccomp::fail(EPERM), seccomp::answer::trap}) {
    const ended e = run(under(refuse(how), probe({"shared"})));
    INFO(e);
    CHECK(e.well());
    CHECK(e.value("mode") == "fence");
    CHECK(!e.value("describe").empty());
  }
  const ended e = run(under(refuse(MEMBARRIER_CMD_GLOBAL_EXPEDITED, seccomp::fail(EPERM)), probe({"shared"})));
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("mode") == "fence");
}

TEST_CASE("a filter that kills: nothing helps but not to call, which WEIR_BARRIER=fence ensures") {
  if (!can_filter()) return;
  const ended dead = run(under(refuse(seccomp::answer::kill), probe({"state"})));
  INFO(dead);
  CHECK(dead.signal == SIGSYS);
  CHECK(dead.out.empty());
  const ended alive = run(with("fence", under(refuse(seccomp::answer::kill), probe({"state"}))));
  INFO(alive);
  CHECK(alive.well());
  CHECK(alive.value("active") == "fence");
  CHECK(alive.value("barriers") == "0");
}

TEST_CASE("membarrier by name where it is refused: one sentence and abort()") {
  if (!can_filter()) return;
  for (const char* name : {"probe", "probe_pin_membarrier"}) {
    const auto named = [name](seccomp::answer how) {
      return run(with("membarrier", under(refuse(how), probe({"state"}, name))));
    };
    for (const seccomp::answer how : {seccomp::fail(ENOSYS), seccomp::fail(EPERM), seccomp::answer::trap}) {
      const ended e = named(how);
      INFO(e);
      CHECK(e.died_saying("asks for the barrier \"membarrier\", which cannot be had here: "));
      CHECK(e.out.empty());
    }
    CHECK(named(seccomp::fail(ENOSYS)).died_saying("(ENOSYS)"));
    if (can_deny()) CHECK(named(seccomp::fail(EPERM)).died_saying("Operation not permitted"));
  }
}

TEST_CASE("a program built with membarrier pinned aborts where it is refused, without WEIR_BARRIER too") {
  if (!can_filter()) return;
  const ended e = run(under(refuse(seccomp::fail(ENOSYS)), probe({"state"}, "probe_pin_membarrier")));
  INFO(e);
  CHECK(e.died_saying("the build (its pin) asks for the barrier \"membarrier\", which cannot be had here: "));
  CHECK(e.out.empty());
}

}  // namespace
