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

NTSTATUS NTAPI traceless(PVOID) { return STATUS_SUCCESS; }

TEST_CASE("one part of a program", "[.][part]") {
  HANDLE e = nullptr;
  CHECK(NtCreateEvent(&e, EVENT_ALL_ACCESS, nullptr, SynchronizationEvent, 0) == STATUS_SUCCESS);
  const HANDLE both[] = {e, e};
  CHECK(NtWaitForMultipleObjects(2, both, WaitAny, 0, &zero) == STATUS_TIMEOUT);
  CHECK(NtSignalAndWaitForSingleObject(e, e, 0, nullptr) == STATUS_SUCCESS);
  CHECK(NtClose(e) == STATUS_SUCCESS);
  CHECK(NtClose(e) == STATUS_INVALID_HANDLE);
  HANDLE d = nullptr;
  const HANDLE here = NtCurrentProcess();
  CHECK(NtCreateKeyedEvent(&e, KEYEDEVENT_ALL_ACCESS, nullptr, 0) == STATUS_SUCCESS);
  CHECK(NtDuplicateObject(here, e, here, &d, 0, 0, DUPLICATE_SAME_ACCESS) == STATUS_SUCCESS);
  CHECK(NtDuplicateObject(here, nullptr, here, &d, 0, 0, DUPLICATE_SAME_ACCESS) == STATUS_INVALID_HANDLE);
  CHECK(NtDuplicateObject(here, d, here, nullptr, 0, 0, DUPLICATE_CLOSE_SOURCE) == STATUS_SUCCESS);
  CHECK(NtCreateThreadEx(&d, THREAD_ALL_ACCESS, nullptr, here, traceless, nullptr, 0, 0, 0, 0, nullptr) ==
        STATUS_SUCCESS);
  RtlWakeAddressSingle(reinterpret_cast<const void*>(0x1238));
  RtlWakeAddressAll(reinterpret_cast<const void*>(0x1238));
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
  REQUIRE(lines.size() == 12);
  CHECK(call_of(lines[0]) == "NtCreateEvent() = 00000000 -> 0x4");
  CHECK(call_of(lines[1]) == "NtWaitForMultipleObjects(0x4, 0x4) = 00000102");
  CHECK(call_of(lines[2]) == "NtSignalAndWaitForSingleObject(0x4, 0x4) = 00000000");
  CHECK(call_of(lines[3]) == "NtClose(0x4) = 00000000");
  CHECK(call_of(lines[4]) == "NtClose(0x4) = c0000008");
  CHECK(call_of(lines[5]) == "NtCreateKeyedEvent() = 00000000 -> 0x4");
  CHECK(call_of(lines[6]) == "NtDuplicateObject(0x4) = 00000000 -> 0x8");
  CHECK(call_of(lines[7]) == "NtDuplicateObject(0x0) = c0000008");
  CHECK(call_of(lines[8]) == "NtDuplicateObject(0x8) = 00000000");
  CHECK(call_of(lines[9]) == "NtCreateThreadEx() = 00000000 -> 0x8");
  CHECK(call_of(lines[10]) == "RtlWakeAddressSingle(0x1238) = 00000000");
  CHECK(call_of(lines[11]) == "RtlWakeAddressAll(0x1238) = 00000000");
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
