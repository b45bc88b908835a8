// Property: a call that need not block, and wakes nobody, makes no system call.
#include <csignal>

#include "tests/support/catch.h"
#include "tests/support/child.h"

namespace {

TEST_CASE("nobody has to sleep: no system call") {
  const weir::test::ended e = weir::test::run({.command = {weir::test::data("tests/sync/nt/quiet")}});
  INFO(e);
  CHECK(e.well());
}

TEST_CASE("the same is ended where a thread blocks") {
  const weir::test::ended e = weir::test::run({.command = {weir::test::data("tests/sync/nt/quiet"), "block"}});
  INFO(e);
  CHECK(e.signal == SIGKILL);
}

}  // namespace
