// FreeBSD before 14.1: libc has no membarrier, and the weak reference is null.
#include <string>

#include "tests/barrier/strategy_suite.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/membarrier_freebsd.h"
#include "weir/barrier/shared.h"

namespace {

using namespace weir::test;
namespace detail = weir::barrier::detail;
namespace shared = weir::barrier::shared;

TEST_CASE("without the call in libc the strategy is refused, and the process has fences and says why") {
  CHECK_FALSE(available_here<detail::membarrier>());
  CHECK(weir::barrier::active() == weir::barrier::strategy::fence);
  CHECK(std::string(weir::barrier::describe()).find("needs FreeBSD 14.1") != std::string::npos);
  weir::barrier::heavy();
}

TEST_CASE("across processes, too") {
  shared::header header;
  shared::member m;
  REQUIRE_FALSE(m.join(header));
  CHECK(m.how() == shared::mode::fence);
}

}  // namespace
