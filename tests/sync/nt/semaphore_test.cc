// Semaphores, by the numbers of the list in README.md.
#include <deque>
#include <limits>

#include "tests/support/catch.h"
#include "tests/sync/nt/worker.h"
#include "weir/sync/nt/objects.h"

namespace {

using namespace weir::nt;
using weir::nt::test::worker;
using weir::park::timeout;

const timeout now = timeout::after({});

TEST_CASE("22 23 24 a semaphore is made with a count in its limits") {
  constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
  CHECK_FALSE(semaphore::make(2, 1));
  CHECK_FALSE(semaphore::make(0, 0));
  CHECK_FALSE(semaphore::make(0, -1));
  CHECK_FALSE(semaphore::make(-1, 1));
  CHECK(semaphore::make(0, most));
  CHECK(semaphore::make(most, most).query() == most);
}

TEST_CASE("25 26 a wait takes one") {
  const semaphore s = semaphore::make(2, 3);
  CHECK(s.limit() == 3);
  CHECK(wait(s, now) == status::wait_0);
  CHECK(s.query() == 1);
  CHECK(wait(s, now) == status::wait_0);
  CHECK(wait(s, now) == status::timeout);
  CHECK(s.query() == 0);
}

TEST_CASE("27 a release over the limit changes nothing") {
  semaphore s = semaphore::make(1, 3);
  std::int32_t before = 77;
  CHECK(s.release(3, &before) == status::semaphore_limit_exceeded);
  CHECK(before == 77);
  CHECK(s.query() == 1);
}

TEST_CASE("28 a release tells the count before") {
  semaphore s = semaphore::make(0, 3);
  std::int32_t before = 77;
  CHECK(s.release(1, &before) == status::success);
  CHECK(before == 0);
  CHECK(s.release(2, &before) == status::success);
  CHECK(before == 1);
  CHECK(s.query() == 3);
}

TEST_CASE("29 a count does not wrap") {
  semaphore s = semaphore::make(1, std::numeric_limits<std::int32_t>::max());
  CHECK(s.release(0xffffffff) == status::semaphore_limit_exceeded);
  CHECK(s.release(0x7fffffff) == status::semaphore_limit_exceeded);
  CHECK(s.query() == 1);
  CHECK(s.release(0x7ffffffe) == status::success);
  CHECK(s.query() == std::numeric_limits<std::int32_t>::max());
}

TEST_CASE("30 a release of none is refused") {
  semaphore s = semaphore::make(1, 2);
  std::int32_t before = 77;
  CHECK(s.release(0, &before) == status::invalid_parameter);
  CHECK(before == 77);
}

TEST_CASE("31 32 a release goes to those first who wait") {
  semaphore s = semaphore::make(0, 10);
  std::deque<worker> crowd;
  for (int i = 0; i < 3; ++i) {
    crowd.emplace_back().begin([&] { static_cast<void>(wait(s)); });
    REQUIRE(crowd.back().is_blocked_eventually());
  }
  std::int32_t before = 77;
  CHECK(s.release(2, &before) == status::success);
  CHECK(before == 0);
  CHECK(s.query() == 0);
  CHECK(crowd[0].is_over_eventually());
  CHECK(crowd[1].is_over_eventually());
  CHECK(crowd[2].is_blocked());
  CHECK(s.release(4, &before) == status::success);
  CHECK(before == 0);
  CHECK(crowd[2].is_over_eventually());
  CHECK(s.query() == 3);
}

TEST_CASE("27 a release over the limit lets nobody through") {
  semaphore s = semaphore::make(0, 2);
  worker w;
  w.begin([&] { static_cast<void>(wait(s)); });
  REQUIRE(w.is_blocked_eventually());
  CHECK(s.release(3) == status::semaphore_limit_exceeded);
  CHECK(w.is_blocked());
  CHECK(s.release() == status::success);
  CHECK(w.is_over_eventually());
}

}  // namespace
