// The end of a process: one line on stderr, then abort().
#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;

TEST_CASE("die() prints one line and aborts") {
  const ended e = run(probe({"die"}, "die_checked"));
  INFO(e);
  CHECK(e.died_saying("a sentence, 1 and 2"));
  CHECK(e.err == "weir: a sentence, 1 and 2\n");
  const ended cut = run(probe({"die-at-length"}, "die_checked"));
  INFO(cut);
  CHECK(cut.died_saying("xxx"));
  CHECK(cut.err.size() < 2'000);
}

TEST_CASE("WEIR_ASSERT: with checks it dies with the sentence and the place; without, it looks at nothing") {
  const ended checked = run(probe({"assert"}, "die_checked"));
  INFO(checked);
  CHECK(checked.value("evaluated") == "yes");
  CHECK(checked.died_saying("weir: the caller has broken the contract ["));
  CHECK(checked.died_saying("die.cc:"));
  CHECK(checked.value("returned").empty());
  const ended unchecked = run(probe({"assert"}, "die_unchecked"));
  INFO(unchecked);
  CHECK(unchecked.well());
  CHECK(unchecked.value("evaluated") == "no");
  CHECK(unchecked.value("returned") == "yes");
}

// The runner itself: what every test here relies on.
TEST_CASE("a child that does not end is killed at its deadline, with what it had written") {
  weir::test::child c = probe({"sleep"});
  c.deadline = std::chrono::seconds(1);
  c.deadline_after = "asleep=yes\n";
  const ended e = run(c);
  INFO(e);
  CHECK(e.late);
  CHECK(!e.well());
  CHECK(e.signal == SIGKILL);
  CHECK(e.value("asleep") == "yes");
}

TEST_CASE("a program that cannot be started is an error that says so") {
  std::string what;
  try {
    static_cast<void>(run({.command = {"/no/such/program"}, .native = true}));
  } catch (const std::runtime_error& e) {
    what = e.what();
  }
  CHECK(what == "execve: No such file or directory");
}

TEST_CASE("a child has its own environment, and the test program's is untouched") {
  const ended e = run(with("fence", probe({"state"})));
  CHECK(e.value("active") == "fence");
  const char* ours = std::getenv("WEIR_BARRIER");
  CHECK((ours == nullptr || ours != std::string("fence")));
}

}  // namespace
