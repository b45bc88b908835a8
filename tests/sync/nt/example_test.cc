// The examples of the headers, as they stand there.
#include <chrono>
#include <thread>

#include "tests/support/catch.h"
#include "weir/sync/nt/objects.h"

namespace {

using namespace std::chrono_literals;
using namespace weir;
using namespace weir::nt;

TEST_CASE("objects.h") {
  event work = event::automatic();
  mutant lock = mutant::make();
  if (!work || !lock) return;  // out of memory
  std::thread other([&] { work.set(); });
  const status s = wait_all({&work, &lock}, park::timeout::after(60s));
  if (s == status::wait_0) CHECK(lock.release() == status::success);  // both were taken, at one moment
  other.join();
  CHECK(s == status::wait_0);
  CHECK(work.query() == 0);
  CHECK(lock.query().count == 1);
}

TEST_CASE("an object that is none is false, and can be moved") {
  event e;
  CHECK_FALSE(e);
  e = event::manual(true);
  CHECK(e);
  event moved = std::move(e);
  CHECK_FALSE(e);  // NOLINT(bugprone-use-after-move): that is what it is
  CHECK(wait(moved) == status::wait_0);
  moved.close();
  CHECK_FALSE(moved);
  moved.close();
}

}  // namespace
