// Property: where there is a limit to the address space (RLIMIT_AS), tables leave most of what there is to the program.
#include <cstddef>
#include <fstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test;
using namespace weir::test::nt;

constexpr std::size_t mib = std::size_t{1} << 20;

// What this process has of it, in bytes.
std::size_t used() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void* space(std::size_t bytes) {
  void* const at = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
  return at != MAP_FAILED ? at : nullptr;
}

constexpr int no_limit = 2;

// Makes objects in a process that may have `more` than it has; half of that must be left to it.
int makes_objects(std::size_t more) {
  rlimit limit{};
  ::getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = used() + more;
  if (::setrlimit(RLIMIT_AS, &limit) != 0) return no_limit;  // it has a lower one already
  int bad = unless(NtCurrentThreadId() != nullptr, "a thread has no number");
  std::vector<handle> events;
  events.reserve(1000);
  for (int i = 0; i < 1000; ++i) events.push_back(automatic(true));
  for (const handle& e : events) bad |= unless(poll(e) == STATUS_SUCCESS, "an event is not what it was made");
  return bad | unless(space(more / 2) != nullptr, "more than half of the address space is gone");
}

void check(const outcome& o) {
  INFO(o.summary());
  REQUIRE(o.exited);
  if (o.status == no_limit) {
    WARN("the limit cannot be set here");
    return;
  }
  CHECK(o.status == 0);
}

TEST_CASE("a limited address space is left to the program") {
  for (const std::size_t more : {16 * mib, 64 * mib, 256 * mib, 4096 * mib}) {
    check(forked([&] { return makes_objects(more); }));
  }
}

TEST_CASE("also where much of it is in use") {
  for (const std::size_t more : {16 * mib, 64 * mib, 200 * mib}) {
    check(forked(
        [&] { return unless(space(4096 * mib) != nullptr, "there is no address space") | makes_objects(more); }));
  }
}

}  // namespace
