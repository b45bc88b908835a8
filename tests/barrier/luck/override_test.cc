// Whoever names a strategy gets it or a sentence: the environment, the pin, require(). Never another strategy in
// silence.
#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"
#include "weir/barrier/barrier.h"

namespace {

using namespace luck;
namespace barrier = weir::barrier;

TEST_CASE("WEIR_BARRIER with a name that is none here: a sentence that lists the names") {
  for (const char* wrong :
       {"bogus", "flush", "registers", "edges", "MEMBARRIER", "Fence", "fence ", " ", "membarrier,fence"}) {
    const ended e = run(with(wrong, probe({"state"})));
    INFO(e);
    CHECK(e.died_saying("the environment (WEIR_BARRIER) asks for the barrier \"" + std::string(wrong) +
                        "\", which does not exist here. There are: membarrier, "));
    CHECK(e.died_saying("fence"));
    CHECK(e.out.empty());
  }
  // Absurd lengths are cut, not overrun.
  const ended e = run(with(std::string(5'000, 'x').c_str(), probe({"state"})));
  INFO(e);
  CHECK(e.died_saying("the environment (WEIR_BARRIER) asks for the barrier \"xxx"));
}

TEST_CASE("WEIR_BARRIER empty is WEIR_BARRIER unset") {
  const ended e = run(with("", probe({"state"})));
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("active") == undisturbed());
}

TEST_CASE("WEIR_BARRIER=fence is fence, and says who chose it") {
  const ended e = run(with("fence", probe({"state"})));
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("active") == "fence");
  CHECK(e.value("barriers") == "0");
  CHECK(e.value("describe").find("chosen by the environment (WEIR_BARRIER)") != std::string::npos);
}

TEST_CASE("the pin and WEIR_BARRIER must agree") {
  const ended fence = run(with("membarrier", probe({"state"}, "probe_pin_fence")));
  INFO(fence);
  CHECK(fence.died_saying(
      "WEIR_BARRIER asks for the barrier \"membarrier\", but this program is built with \"fence\" pinned"));
  const ended bogus = run(with("bogus", probe({"state"}, "probe_pin_fence")));
  INFO(bogus);
  CHECK(bogus.died_saying("\"bogus\", but this program is built with \"fence\" pinned"));
  const ended same = run(with("fence", probe({"state"}, "probe_pin_fence")));
  INFO(same);
  CHECK(same.well());
  CHECK(same.value("active") == "fence");
  if (membarrier_is_here()) {
    const ended other = run(with("fence", probe({"state"}, "probe_pin_membarrier")));
    INFO(other);
    CHECK(other.died_saying("\"fence\", but this program is built with \"membarrier\" pinned"));
    const ended pinned = run(with("membarrier", probe({"state"}, "probe_pin_membarrier")));
    INFO(pinned);
    CHECK(pinned.well());
    CHECK(pinned.value("active") == "membarrier");
  }
}

TEST_CASE("a program with another system's strategy pinned does not start, and says what there is") {
  for (const std::string name : {"flush", "registers"}) {
    const ended e = run(probe({"state"}, "probe_pin_" + name));
    INFO(e);
    CHECK(e.died_saying("the build (its pin) asks for the barrier \"" + name + "\", which does not exist here"));
  }
}

TEST_CASE("require() of another strategy is an error that says what there is; of this one, none") {
  for (const char* chosen : {"", "fence"}) {
    const ended e = run(with(chosen, probe({"require"})));
    INFO(e);
    CHECK(e.well());
    const std::string active = e.value("active");
    CHECK(active == (*chosen != 0 ? chosen : undisturbed()));
    for (const char* name : {"fence", "membarrier", "mprotect", "flush", "registers", "edges"}) {
      const std::string expected =
          "the barrier \"" + std::string(name) + "\" is required, but this process has: " + active + ": ";
      CHECK((active == name ? e.value(name) == "ok" : e.value(name).starts_with(expected)));
    }
  }
}

TEST_CASE("require()'s errors are values: comparable, of one category, told apart by the strategy") {
  const barrier::strategy active = barrier::active();
  CHECK(barrier::require(active) == std::error_code());
  CHECK(!barrier::require(active));
  const auto other = active == barrier::strategy::flush ? barrier::strategy::registers : barrier::strategy::flush;
  const std::error_code e = barrier::require(other);
  CHECK(e);
  CHECK(e == barrier::require(other));
  CHECK(e != barrier::require(barrier::strategy::edges));
  CHECK(e.category() == barrier::category());
  CHECK(e.category().name() == std::string("weir.barrier"));
  CHECK(e.value() == static_cast<int>(other) + 1);
  CHECK(e != std::error_code(e.value(), std::generic_category()));
  CHECK(barrier::active() == active);  // asking changes nothing
}

}  // namespace
