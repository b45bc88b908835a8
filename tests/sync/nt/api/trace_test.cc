// WEIR_TRACE=nt: one line for each call, with thread, handles, result and time; and none without it.
#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "tests/sync/nt/api/api.h"

namespace {

using namespace weir::test;
using namespace weir::test::nt;

TEST_CASE("one part of a program", "[.][part]") {
  HANDLE e = nullptr;
  CHECK(NtCreateEvent(&e, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, 0) == STATUS_SUCCESS);
  const HANDLE both[] = {e, e};
  CHECK(NtWaitForMultipleObjects(2, both, WaitAny, 0, &zero) == STATUS_TIMEOUT);
  CHECK(NtSignalAndWaitForSingleObject(e, e, 0, nullptr) == STATUS_SUCCESS);
  CHECK(NtClose(e) == STATUS_SUCCESS);
  CHECK(NtClose(e) == STATUS_INVALID_HANDLE);
}

std::vector<std::string> traced(const std::vector<std::string>& environment) {
  const outcome o = rerun({"[part]"}, environment);
  REQUIRE(o.summary() == "exit 0");
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = o.text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string line = o.text.substr(begin, end - begin);
    if (line.rfind("nt: ", 0) == 0) lines.push_back(line);
  }
  return lines;
}

// Without the thread and the time.
std::string call_of(const std::string& line) {
  const std::size_t begin = std::string("nt: 00000004 ").size();
  return line.substr(begin, line.find(" in ") - begin);
}

TEST_CASE("each call is a line") {
  const std::vector<std::string> lines = traced({"WEIR_TRACE=x,nt"});
  REQUIRE(lines.size() == 5);
  CHECK(call_of(lines[0]) == "NtCreateEvent() = 00000000");
  CHECK(call_of(lines[1]) == "NtWaitForMultipleObjects(0x4, 0x4) = 00000102");
  CHECK(call_of(lines[2]) == "NtSignalAndWaitForSingleObject(0x4, 0x4) = 00000000");
  CHECK(call_of(lines[3]) == "NtClose(0x4) = 00000000");
  CHECK(call_of(lines[4]) == "NtClose(0x4) = c0000008");
  for (const std::string& l : lines) {
    INFO(l);
    CHECK(l.substr(0, 13) == "nt: 00000004 ");
    CHECK((l.substr(l.size() - 3) == " us" || l.substr(l.size() - 3) == " ms"));
  }
}

TEST_CASE("without it there is none") {
  CHECK(traced({}).empty());
  CHECK(traced({"WEIR_TRACE=ntx"}).empty());
}

}  // namespace
