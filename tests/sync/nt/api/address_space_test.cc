// Property: where there is a limit to the address space (RLIMIT_AS), tables leave most of what there is to the program.
#include <cstddef>
#include <fstream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <thread>
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

// Makes objects in a process that may have `more` than it has; half of that must be left to it.
int makes_objects(std::size_t more) {
  const rlimit limit{used() + more, RLIM_INFINITY};
  if (::setrlimit(RLIMIT_AS, &limit) != 0) return unless(false, "there is no such limit");
  int bad = 0;
  std::vector<handle> events;
  for (int i = 0; i < 1000; ++i) events.push_back(automatic(true));
  for (const handle& e : events) bad |= unless(poll(e) == STATUS_SUCCESS, "an event is not what it was made");
  void* const rest = space(more / 2);
  bad |= unless(rest != nullptr, "more than half of the address space is gone");
  if (rest != nullptr) ::munmap(rest, more / 2);
  bool ran = false;
  std::thread([&] { ran = true; }).join();
  return bad | unless(ran, "no thread has run");
}

TEST_CASE("a limited address space is left to the program") {
  for (const std::size_t more : {64 * mib, 256 * mib, 4096 * mib}) {
    INFO(more);
    CHECK(forked([&] { return makes_objects(more); }).summary() == "exit 0");
  }
}

TEST_CASE("also where much of it is in use") {
  const outcome o = forked(
      [] { return unless(space(64 * 1024 * mib) != nullptr, "there is no address space") | makes_objects(64 * mib); });
  CHECK(o.summary() == "exit 0");
}

}  // namespace
