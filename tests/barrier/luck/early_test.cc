// The first use comes before the library's own constructor: light() is a fence until the choice is made, and the
// choice is made once, by whoever needs it first.
#include <cerrno>
#include <map>

#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;

weir::test::child early(const char* what) {
  weir::test::child c = probe({}, "early");
  c.environment["EARLY"] = what;
  return c;
}

std::string weak_in(const std::string& strategy) { return strategy == "fence" ? "0" : "1"; }

// The answers that a process can get: the surroundings' own, "no such call", SIGSYS.
std::vector<weir::test::child> in_all_weathers(const weir::test::child& c) {
  if (!can_filter()) return {c};
  return {c, under(refuse(seccomp::fail(ENOSYS)), c), under(refuse(seccomp::fail(EPERM)), c),
          under(refuse(seccomp::answer::trap), c)};
}

TEST_CASE("light() before every constructor is a fence, and becomes what was chosen") {
  for (const weir::test::child& c : in_all_weathers(early("light"))) {
    const ended e = run(c);
    INFO(e);
    CHECK(e.well());
    CHECK(e.value("active") == (c.filter ? without_membarrier() : undisturbed()));
    CHECK(e.value("weak-first") == "0");
    CHECK(e.value("weak-then") == "0");  // light() chooses nothing
    CHECK(e.value("weak-now") == weak_in(e.value("active")));
  }
}

TEST_CASE("heavy() before every constructor works, and makes the choice") {
  for (const weir::test::child& c : in_all_weathers(early("heavy"))) {
    const ended e = run(c);
    INFO(e);
    CHECK(e.well());
    CHECK(e.value("active") == (c.filter ? without_membarrier() : undisturbed()));
    CHECK(e.value("weak-first") == "0");
    CHECK(e.value("weak-then") == weak_in(e.value("active")));
    CHECK(e.value("weak-now") == e.value("weak-then"));
    CHECK(e.value("early-barriers") == weak_in(e.value("active")));
  }
}

TEST_CASE("an impossible wish ends the process before main()") {
  for (const char* what : {"light", "heavy", "crowd"}) {
    const ended e = run(with("bogus", early(what)));
    INFO(e);
    CHECK(e.died_saying("asks for the barrier \"bogus\", "));
    CHECK(e.out.empty());
  }
}

// A dynamically linked libc knows the environment only after .preinit_array: then the choice has been made without it.
TEST_CASE("a wish that came too late to be granted is not passed over in silence") {
  const ended e = run(with("fence", early("heavy")));
  INFO(e);
  if (e.well()) {
    CHECK(e.value("active") == "fence");
    CHECK(e.value("early-barriers") == "0");
  } else {
    CHECK(e.died_saying("WEIR_BARRIER asks for the barrier \"fence\", but "));
    CHECK(e.out.empty());
  }
  if (!membarrier_is_here()) return;
  const ended same = run(with("membarrier", early("heavy")));
  INFO(same);
  CHECK(same.well());
  CHECK(same.value("active") == "membarrier");
}

TEST_CASE("sixteen threads whose first use is at the same time agree") {
  for (int round = 0; round < 5; ++round) {
    for (const weir::test::child& c : in_all_weathers(early("crowd"))) {
      const ended e = run(c);
      INFO(e);
      CHECK(e.well());
      CHECK(e.value("agree") == "16");
      CHECK(e.value("active") == (c.filter ? without_membarrier() : undisturbed()));
      CHECK(e.value("weak-now") == weak_in(e.value("active")));
    }
  }
}

TEST_CASE("sixteen threads whose first use is at the same time make one choice") {
  if (!can_count()) return;
  for (int round = 0; round < 5; ++round) {
    for (const int error : {0, ENOSYS}) {
      std::map<int, int> calls;
      weir::test::child c = under(refuse(seccomp::answer::ask), early("crowd"));
      c.decide = [&](const seccomp_data& call) {
        ++calls[static_cast<int>(call.args[0])];
        return error;
      };
      const ended e = run(c);
      INFO(e);
      CHECK(e.well());
      CHECK(e.value("agree") == "16");
      CHECK(calls[MEMBARRIER_CMD_QUERY] == 1);
      CHECK(calls[MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED] == (error == 0 ? 1 : 0));
      // One trial, those of the crowd, and five of main().
      const int barriers = error == 0 ? 1 + std::stoi(e.value("crowd-barriers")) + 5 : 0;
      CHECK(calls[MEMBARRIER_CMD_PRIVATE_EXPEDITED] == barriers);
    }
  }
}

}  // namespace
