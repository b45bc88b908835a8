// Android: below API level 29 the call must not be made, be it only to ask; a filter that kills the process for it
// shows that it is not.
#include <csignal>
#include <string>
#include <sys/syscall.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/support/seccomp.h"
#include "tests/support/shim/android/control.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/membarrier_linux.h"
#include "weir/barrier/shared.h"

namespace {

using namespace weir::test;
namespace detail = weir::barrier::detail;
namespace shim = weir::shim::android;
namespace shared = weir::barrier::shared;

// Looks for the strategies as a start does, where membarrier(2) is deadly.
int look(int level) {
  shim::api_level(level);
  if (seccomp::filter().on(SYS_membarrier, seccomp::answer::kill).install() != 0) return 2;
  const detail::verdict v = detail::guarded_membarrier::available(detail::wish::named);
  std::printf("%s\n", v.why());
  shared::header header;
  shared::member m;
  return unless(!v && !m.join(header) && m.how() == shared::mode::fence, "available where it is deadly");
}

TEST_CASE("below API level 29 the call is never made, and the verdict says why") {
  if (!seccomp::works()) {
    std::printf("left out: no filters of system calls here (seccomp)\n");
    return;
  }
  for (const int level : {-1, 1, 21, 28}) {
    CAPTURE(level);
    const outcome o = forked([&] { return look(level); });
    CHECK(o.summary() == "exit 0");
    CHECK(o.text.find("below 29 the call is deadly: never made") != std::string::npos);
  }
}

TEST_CASE("from API level 29 on it is made: there the filter kills") {
  if (!seccomp::works()) return;
  for (const int level : {29, 30, 36}) {
    CAPTURE(level);
    const outcome o = forked([&] { return look(level); });
    CHECK_FALSE(o.exited);
    CHECK(o.status == SIGSYS);
  }
}

TEST_CASE("what this process has", "[.role]") {
  std::printf("active=%s\ndescribe=%s\n", weir::barrier::name(weir::barrier::active()).data(),
              weir::barrier::describe());
}

TEST_CASE("a process on an old Android does without, and says why; on a newer one it has what Linux has") {
  const outcome old = rerun({"what this process has"}, {"WEIR_SHIM_API_LEVEL=28"});
  CHECK(old.text.find("active=membarrier") == std::string::npos);
  CHECK(old.text.find("not membarrier: Android's API level is 28, and below 29 the call is deadly: never made") !=
        std::string::npos);
  const outcome young = rerun({"what this process has"}, {"WEIR_SHIM_API_LEVEL=29"});
  CHECK(young.text.find("Android") == std::string::npos);
}

}  // namespace
