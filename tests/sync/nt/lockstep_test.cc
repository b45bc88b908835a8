// Threads that block on objects in hand, in lock step with the model.
#include "tests/sync/nt/lockstep.h"

#include <chrono>
#include <cstdint>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/calls.h"

namespace {

using namespace weir::nt::test;

TEST_CASE("81 82 84: threads that block are let through as the model says") {
  run_lockstep<subject>(1, weir::test::scaled(500));
}

TEST_CASE("the same, for long", "[.][long]") {
  run_lockstep<subject>(static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count()),
                        20'000);
}

}  // namespace
