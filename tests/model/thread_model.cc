// The registry's bound, on the shipped header: a scan after heavy() misses no thread that matters.
#include "tests/model/search.h"
#include "tests/support/catch.h"
#include "weir/barrier/thread_bound.h"

namespace {

using weir::model::how;

// A thread registers and then reads what a writer unlinks; the writer unlinks, passes heavy(), and scans. Either the
// scan finds the thread, with its record ready, or the thread sees the unlink.
struct registration : rl::test_suite<registration, 2> {
  weir::barrier::model::process process{2};
  weir::barrier::detail::thread_bound bound;
  rl::var<int> record;
  weir::atomic<int> unlinked;
  bool found = false;
  bool saw_unlink = false;

  void before() { record($) = 0; }
  void thread(unsigned self) {
    if (self == 0) {
      record($) = 1;
      bound.include(0);
      saw_unlink = unlinked.load(std::memory_order_relaxed) == 1;
    } else {
      unlinked.store(1, std::memory_order_relaxed);
      weir::barrier::heavy();
      found = bound.scan() == 1;
      if (found) RL_ASSERT(record($) == 1);
    }
  }
  void after() { RL_ASSERT(found || saw_unlink); }
};

constexpr unsigned long all_schedules = 2'000'000;

TEST_CASE("a scan after heavy() finds a thread, or the thread sees what came before") {
  const auto r = weir::model::search<registration>(how::full, all_schedules);
  INFO(r.complaint);
  CHECK(r.clean);
  CHECK(r.tried < all_schedules);
}

TEST_CASE("each weakened ordering of the registration is noticed") {
  const auto* site = GENERATE("thread-register", "thread-fence", "thread-scan", "heavy");
  INFO(site);
  CHECK_FALSE(weir::model::search_mutated<registration>(site, how::full, all_schedules).clean);
}

}  // namespace
