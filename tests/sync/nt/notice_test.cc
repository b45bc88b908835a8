// Each detector finds something in a build of the engine that is wrong.
#include <string>

#include "tests/support/catch.h"
#include "tests/support/child.h"
#include "tests/sync/nt/detectors.h"

namespace {

using namespace std::chrono_literals;
using weir::nt::test::exit_stuck;

struct wrong {
  std::string variant;
  std::string detector;
};

TEST_CASE("each detector notices a wrong engine") {
  const wrong w = GENERATE(wrong{"nt-all", "half_takes"}, wrong{"nt-lowest", "half_takes"}, wrong{"nt-all", "phantoms"},
                           wrong{"nt-pulse", "pulses"}, wrong{"nt-fifo", "order"}, wrong{"nt-set-queue", "lost_wakes"},
                           wrong{"nt-time-out", "late"}, wrong{"nt-time-out", "tokens"}, wrong{"nt-leave", "thousand"});
  const std::string program = weir::test::data("tests/sync/nt/detect-" + w.variant);
  const weir::test::ended e = weir::test::run({.command = {program, w.detector}, .deadline = 200s});
  INFO(w.variant << ": " << e);
  CHECK((e.well() || e.status == exit_stuck));
}

}  // namespace
