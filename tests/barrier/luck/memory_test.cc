// A kernel that is short of memory: membarrier(2) needs some on machines with many processors, and says ENOMEM. The
// process that runs the probe answers its calls in the kernel's place, and counts them.
#include <cerrno>
#include <map>

#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;

constexpr int query = MEMBARRIER_CMD_QUERY;
constexpr int enlist = MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
constexpr int expedited = MEMBARRIER_CMD_PRIVATE_EXPEDITED;

// Answers `error` to the `from`th and the `times` - 1 following calls with `command`.
struct scarcity {
  int command = 0;
  int from = 1;
  int times = 0;
  int error = ENOMEM;
};

struct counted {
  ended e;
  std::map<int, int> calls;  // by command
};

counted run_scarce(const scarcity& s, weir::test::child c) {
  counted result;
  c.filter = refuse(seccomp::answer::ask);
  c.decide = [&](const seccomp_data& call) {
    const int command = static_cast<int>(call.args[0]);
    const int n = ++result.calls[command];
    return command == s.command && n >= s.from && n < s.from + s.times ? s.error : 0;
  };
  result.e = run(c);
  return result;
}

void check_well(const counted& c) {
  CHECK(c.e.well());
  CHECK(c.e.err.empty());
  CHECK(c.e.value("active") == "membarrier");
}

TEST_CASE("the kernel is asked once, registered with once, and called once for each heavy() after a trial") {
  if (!can_count()) return;
  counted c = run_scarce({}, probe({"heavies", "5"}));
  INFO(c.e);
  check_well(c);
  CHECK(c.e.value("barriers") == "5");
  CHECK(c.calls == std::map<int, int>{{query, 1}, {enlist, 1}, {expedited, 1 + 5}});
}

TEST_CASE("ENOMEM at the registration, at the trial, in heavy(): repeated until there is memory") {
  if (!can_count()) return;
  for (const int times : {1, 2, 7}) {
    counted c = run_scarce({.command = enlist, .times = times}, probe({"heavies", "5"}));
    INFO("registration, " << times << ": " << c.e);
    check_well(c);
    CHECK(c.calls == std::map<int, int>{{query, 1}, {enlist, 1 + times}, {expedited, 1 + 5}});

    for (const int from : {1, 2, 4}) {  // the first call is the trial
      c = run_scarce({.command = expedited, .from = from, .times = times}, probe({"heavies", "5"}));
      INFO("call " << from << ", " << times << ": " << c.e);
      check_well(c);
      CHECK(c.e.value("barriers") == "5");
      CHECK(c.calls == std::map<int, int>{{query, 1}, {enlist, 1}, {expedited, 1 + 5 + times}});
    }
  }
}

TEST_CASE("EPERM in heavy(): a registration that got lost is made again") {
  if (!can_count()) return;
  // heavy() tries once more before it registers; so the second refusal is the one that says "not registered".
  counted c = run_scarce({.command = expedited, .from = 3, .times = 2, .error = EPERM}, probe({"heavies", "5"}));
  INFO(c.e);
  check_well(c);
  CHECK(c.calls == std::map<int, int>{{query, 1}, {enlist, 2}, {expedited, 1 + 5 + 2}});
}

TEST_CASE("a query that is short of memory is a refusal: nothing relies on the call yet") {
  if (!can_count()) return;
  counted c = run_scarce({.command = query, .times = 1}, probe({"heavies", "5"}));
  INFO(c.e);
  CHECK(c.e.well());
  CHECK(c.e.value("active") == without_membarrier());
  CHECK(c.calls == std::map<int, int>{{query, 1}});
}

}  // namespace
