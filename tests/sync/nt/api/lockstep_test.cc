// Threads that block on objects by their handles, in lock step with the model.
#include "tests/sync/nt/lockstep.h"

#include <chrono>
#include <cstdint>

#include "tests/support/catch.h"
#include "tests/support/scale.h"
#include "tests/sync/nt/api/by_handles.h"

namespace {

using weir::nt::test::run_lockstep;
using weir::test::nt::by_handles;

TEST_CASE("nt 81, 82, 84: threads that block by handles are let through as the model says") {
  run_lockstep<by_handles>(1, weir::test::scaled(200));
}

TEST_CASE("the same, for long", "[.][long]") {
  run_lockstep<by_handles>(static_cast<std::uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count()),
                           20'000);
}

}  // namespace
