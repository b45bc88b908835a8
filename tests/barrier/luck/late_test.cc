// A system that refuses its barrier after it had worked (a sandbox that a process enters after its start). Readers
// without fences rely on it: heavy() must end the process rather than return.
#include <csignal>

#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;

void check_never_returned(const ended& e, const char* worked) {
  CHECK(e.value("worked") == worked);
  CHECK(e.value("returned").empty());
}

constexpr const char* sentence = "membarrier(2) worked when the process started and is refused now (";

TEST_CASE("membarrier denied later: heavy() aborts with the cause, in both forms") {
  if (!can_filter() || !membarrier_is_here()) return;
  for (const char* name : {"probe", "probe_pin_membarrier"}) {
    const auto later = [name](const char* how) { return run(probe({"refused-later", "membarrier", how}, name)); };
    for (const auto& [how, cause] :
         {std::pair{"eperm", "Operation not permitted"}, std::pair{"enosys", "Function not implemented"},
          std::pair{"eacces", "Permission denied"}}) {
      const ended e = later(how);
      INFO(name << " " << how << ": " << e);
      CHECK(e.died_saying(std::string(sentence) + cause + ")"));
      check_never_returned(e, "membarrier");
    }
    // The handler that would catch SIGSYS is there only while the choice is made: the kernel's way to end a process.
    for (const char* how : {"trap", "kill"}) {
      const ended e = later(how);
      INFO(name << " " << how << ": " << e);
      CHECK(e.signal == SIGSYS);
      check_never_returned(e, "membarrier");
    }
  }
}

TEST_CASE("membarrier trapped later, and the program's own handler ignores SIGSYS: still no return") {
  if (!can_filter() || !membarrier_is_here()) return;
  for (const char* name : {"probe", "probe_pin_membarrier"}) {
    const ended e = run(probe({"refused-later", "membarrier", "trap-ignored"}, name));
    INFO(name << ": " << e);
    CHECK(e.died_saying(sentence));
    check_never_returned(e, "membarrier");
  }
}

TEST_CASE("across processes: heavy() aborts too") {
  if (!can_filter()) return;
  if (run(probe({"shared"})).value("mode") != "expedited") {
    std::printf("left out: this machine has no barrier across processes\n");
    return;
  }
  for (const char* how : {"eperm", "enosys", "trap-ignored"}) {
    const ended e = run(probe({"refused-later-shared", how}));
    INFO(how << ": " << e);
    CHECK(e.died_saying(sentence));
    check_never_returned(e, "shared");
  }
  const ended e = run(probe({"refused-later-shared", "trap"}));
  INFO(e);
  CHECK(e.signal == SIGSYS);
  check_never_returned(e, "shared");
}

TEST_CASE("mprotect denied later: heavy() aborts with the cause") {
  if (!can_filter()) return;
  if (!mprotect_is_here()) return;
  const ended e = run(with("mprotect", probe({"refused-later", "mprotect", "eacces"})));
  INFO(e);
  CHECK(e.died_saying("mprotect(2) on the barrier's own page failed (Permission denied)"));
  check_never_returned(e, "mprotect");
}

TEST_CASE("a strategy that makes no call does not care") {
  if (!can_filter()) return;
  const ended e = run(with("fence", probe({"refused-later", "membarrier", "kill"})));
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("returned") == "yes");
}

}  // namespace
