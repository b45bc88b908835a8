// The choice on Windows: flush; under Wine, whose call does nothing, fence, whoever asks.
#include <cstdio>
#include <string>
#include <thread>
#include <windows.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/thread.h"

namespace {

using namespace weir::test;
namespace barrier = weir::barrier;

bool under_wine() { return ::GetProcAddress(::GetModuleHandleA("ntdll.dll"), "wine_get_version") != nullptr; }

bool contains(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

TEST_CASE("role: describe", "[.role]") { std::printf("%s\n", barrier::describe()); }

TEST_CASE("by itself: flush on Windows, fence under Wine, and describe() says why") {
  const std::string text = barrier::describe();
  std::printf("selected: %s\n", text.c_str());
  if (under_wine()) {
    CHECK(barrier::active() == barrier::strategy::fence);
    CHECK(contains(text, "not flush: this is Wine "));
    CHECK(contains(text, "FlushProcessWriteBuffers does nothing"));
  } else {
    CHECK(barrier::active() == barrier::strategy::flush);
    CHECK(text.rfind("flush: FlushProcessWriteBuffers", 0) == 0);
  }
}

// flush_windows.cc goes by these where Wine hides its version.
TEST_CASE("Wine's ntdll has what it is known by, and Windows' has not") {
  const HMODULE ntdll = ::GetModuleHandleA("ntdll.dll");
  REQUIRE(ntdll != nullptr);
  const std::string behind_header(reinterpret_cast<const char*>(ntdll) + sizeof(IMAGE_DOS_HEADER), 16);
  CHECK((behind_header == "Wine builtin DLL") == under_wine());
  CHECK((::GetProcAddress(ntdll, "wine_server_call") != nullptr) == under_wine());
}

TEST_CASE("WEIR_BARRIER=flush: that, or the end with a sentence") {
  const outcome asked = rerun({"role: describe"}, {"WEIR_BARRIER=flush"});
  CAPTURE(asked.text);
  if (under_wine()) {
    CHECK(!asked.exited);
    CHECK(contains(asked.text,
                   "weir: the environment (WEIR_BARRIER) asks for the barrier \"flush\", which cannot be "
                   "had here: this is Wine "));
  } else {
    CHECK(asked.summary() == "exit 0");
    CHECK(contains(asked.text, "chosen by the environment (WEIR_BARRIER)"));
  }
}

TEST_CASE("WEIR_BARRIER=fence is fence; membarrier does not exist here") {
  const outcome fence = rerun({"role: describe"}, {"WEIR_BARRIER=fence"});
  CAPTURE(fence.text);
  CHECK(fence.summary() == "exit 0");
  CHECK(contains(fence.text, "fence: a seq_cst fence on both sides; chosen by the environment (WEIR_BARRIER)"));
  const outcome other = rerun({"role: describe"}, {"WEIR_BARRIER=membarrier"});
  CAPTURE(other.text);
  CHECK(!other.exited);
  CHECK(contains(other.text, "\"membarrier\", which does not exist here. There are: flush, fence"));
}

// The end of a thread that the C++ runtime has not made, too.
DWORD WINAPI take_number(void* result) {
  *static_cast<barrier::thread::index*>(result) = barrier::thread::self();
  return 0;
}

TEST_CASE("a thread made by CreateThread gives its number back") {
  for (int i = 0; i < 20; ++i) {
    barrier::thread::index number = barrier::thread::none;
    const HANDLE thread = ::CreateThread(nullptr, 0, &take_number, &number, 0, nullptr);
    REQUIRE(thread != nullptr);
    CHECK(::WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
    ::CloseHandle(thread);
    CHECK(number == 0);
  }
}

TEST_CASE("asking for a thread's number leaves the last error as it was") {
  std::thread([] {
    static_cast<void>(barrier::thread::self());
    ::SetLastError(42);
    static_cast<void>(barrier::thread::self());
    static_cast<void>(barrier::thread::self_if_any());
    if (::GetLastError() != 42) std::abort();
  }).join();
}

}  // namespace
