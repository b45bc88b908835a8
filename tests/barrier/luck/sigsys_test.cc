// A filter that answers membarrier(2) with SIGSYS (Android's does): the process survives, and whatever the program
// itself has to do with SIGSYS is as before.
#include <csignal>

#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;

ended run_with_wish(const char* what) {
  seccomp::filter both = refuse(seccomp::answer::trap);
  both.on(SYS_getpriority, seccomp::answer::trap);
  return run(under(both, probe({what}, "sigsys")));
}

TEST_CASE("SIGSYS instead of an answer: the process lives, and falls back") {
  if (!can_filter()) return;
  const ended e = run(under(refuse(seccomp::answer::trap), probe({"state"})));
  INFO(e);
  CHECK(e.well());
  CHECK(e.err.empty());
  CHECK(e.value("active") == without_membarrier());
  CHECK(e.value("describe").find("not membarrier: no such call here (ENOSYS)") != std::string::npos);
}

TEST_CASE("the program's own handler stays, and gets every other call's SIGSYS meanwhile") {
  if (!can_filter()) return;
  for (const char* what : {"plain", "info", "blocked"}) {
    const ended e = run_with_wish(what);
    INFO(what << ": " << e);
    CHECK(e.well());
    CHECK(e.value("join") == "Success");
    CHECK(e.value("mode") == "fence");
    CHECK(e.value("after-join") == "intact");
    CHECK(e.value("query") == "ENOSYS");
    CHECK(e.value("handled-here") == "1");
    CHECK(e.value("handled-elsewhere") == "2");
    CHECK(e.value("after-guard") == "intact");
  }
}

TEST_CASE("the program's own handler runs on the stack and with the mask that it asked for") {
  if (!can_filter()) return;
  const ended e = run_with_wish("stack");
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("after-join") == "intact");
  CHECK(e.value("handled-here") == "1");
  CHECK(e.value("stack") == "own");
  CHECK(e.value("mask") == "own");
}

TEST_CASE("a program without a handler dies of another call's SIGSYS, as it would without us") {
  if (!can_filter()) return;
  for (const char* what : {"default", "ignored"}) {
    const ended e = run_with_wish(what);
    INFO(what << ": " << e);
    CHECK(e.signal == SIGSYS);
    CHECK(e.value("after-join") == "intact");
    CHECK(e.value("query") == "ENOSYS");
    CHECK(e.value("handled-here").empty());
  }
}

TEST_CASE("a SIGSYS that another process sends is ignored meanwhile if the program ignores it") {
  if (!can_filter()) return;
  const ended e = run_with_wish("ignored");
  INFO(e);
  CHECK(e.value("survived") == "sent");
}

}  // namespace
