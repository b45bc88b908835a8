// Weir in DLLs: a second copy in a process is refused when it is loaded, and so is a pin that cannot be had.
#include <cstdio>
#include <string>
#include <windows.h>

#include "tests/support/catch.h"
#include "tests/support/forked.h"

namespace {

using namespace weir::test;

// Loads a DLL of this folder and has it use Weir.
void use(const std::string& name) {
  const HMODULE module = ::LoadLibraryA(("tests\\barrier\\windows\\" + name).c_str());
  REQUIRE(module != nullptr);
  const auto strategy =
      reinterpret_cast<const char* (*)()>(reinterpret_cast<void*>(::GetProcAddress(module, "strategy_of_plugin")));
  REQUIRE(strategy != nullptr);
  std::printf("%s uses %s\n", name.c_str(), strategy());
  std::fflush(stdout);
}

bool contains(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

TEST_CASE("role: one copy, loaded twice", "[.role]") {
  use("one.dll");
  use("one.dll");
}

TEST_CASE("role: two copies", "[.role]") {
  use("one.dll");
  use("two.dll");
}

TEST_CASE("role: a copy that is given back", "[.role]") {
  use("one.dll");
  CHECK(::FreeLibrary(::GetModuleHandleA("one.dll")) != 0);
  CHECK(::GetModuleHandleA("one.dll") != nullptr);
}

TEST_CASE("a DLL with Weir in it stays loaded when it is given back") {
  CHECK(rerun({"role: a copy that is given back"}).summary() == "exit 0");
}

TEST_CASE("role: a pinned copy", "[.role]") { use("pinned.dll"); }

TEST_CASE("the same DLL loaded twice is one copy") {
  CHECK(rerun({"role: one copy\\, loaded twice"}).summary() == "exit 0");
}

TEST_CASE("a second DLL with a copy of its own is refused when it is loaded") {
  const outcome child = rerun({"role: two copies"});
  CAPTURE(child.text);
  CHECK(!child.exited);
  CHECK(contains(child.text, "one.dll uses "));
  CHECK(!contains(child.text, "two.dll uses "));
  CHECK(contains(child.text, "weir: this process has two copies of Weir, in "));
  CHECK(contains(child.text, "\\one.dll and in "));
  CHECK(contains(child.text, "\\two.dll; "));
}

TEST_CASE("a DLL with flush pinned has that on Windows, and is refused under Wine") {
  const outcome child = rerun({"role: a pinned copy"});
  CAPTURE(child.text);
  if (::GetProcAddress(::GetModuleHandleA("ntdll.dll"), "wine_get_version") == nullptr) {
    CHECK(child.summary() == "exit 0");
    CHECK(contains(child.text, "pinned.dll uses flush\n"));
  } else {
    CHECK(!child.exited);
    CHECK(contains(child.text, "weir: the build (its pin) asks for the barrier \"flush\", which cannot be had here: "));
  }
}

}  // namespace
