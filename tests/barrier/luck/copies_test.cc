// One copy of Weir in a process. A second one would know nothing of the first one's readers: it is refused when it is
// loaded. One copy that several share is what should be.
#include "tests/barrier/luck/luck.h"
#include "tests/support/catch.h"

namespace {

using namespace luck;

ended load(const char* loader, std::vector<std::string> arguments) {
  // AddressSanitizer sees the two copies even before we do, and would end the process with a message of its own.
  return run(sanitized("ASAN_OPTIONS", "detect_odr_violation=0", probe(std::move(arguments), loader)));
}

// Dead with one sentence that names both.
void check_refused(const ended& e, const std::string& first, const std::string& second) {
  INFO(e);
  CHECK(e.died_saying("this process has two copies of Weir, in "));
  CHECK(e.died_saying(first));
  CHECK(e.died_saying(second));
  CHECK(e.died_saying("Link both against Weir as a shared library"));
}

TEST_CASE("a second shared object with a copy of its own is refused when it is loaded") {
  for (const char* how : {"local", "global"}) {
    const ended e = load("loader", {how, program("libone.so"), "use_one", program("libtwo.so"), "use_two"});
    check_refused(e, "/libone.so", "/libtwo.so");
    CHECK(!e.value("use_one").empty());  // the first one worked
    CHECK(e.value("use_two").empty());
  }
}

TEST_CASE("a second copy is refused whatever its form") {
  const ended e = load("loader", {"local", program("libone.so"), "use_one", program("libtwo_pin_fence.so"), "use_two"});
  check_refused(e, "/libone.so", "/libtwo_pin_fence.so");
}

TEST_CASE("two shared objects with a copy each, linked into one program: it does not start") {
  const ended e = load("linked_to_two", {"linked", "use_one", "use_two"});
  check_refused(e, "/libone.so", "/libtwo.so");
  CHECK(e.out.empty());
}

TEST_CASE("a program with a copy, and a shared object with another") {
  // With its symbols exported, the program's definitions are also the shared object's: two copies nevertheless.
  for (const char* loader : {"loader_with_weir", "loader_with_weir_exported"}) {
    for (const char* how : {"local", "global"}) {
      const ended e = load(loader, {how, program("libtwo.so"), "use_two"});
      check_refused(e, "the program itself", "/libtwo.so");
      CHECK(e.out.empty());
    }
  }
}

TEST_CASE("the same shared object loaded twice is one copy") {
  const ended e = load("loader", {"local", program("libone.so"), "use_one", program("libone.so"), "use_one"});
  INFO(e);
  CHECK(e.well());
  CHECK(e.err.empty());
}

TEST_CASE("one copy that two shared objects and the program share works, and has one set of threads") {
  const ended e = load("sharing", {"linked", "use_three", "use_four", "use_main"});
  INFO(e);
  CHECK(e.well());
  CHECK(e.value("use_three").ends_with(undisturbed()));
  CHECK(e.value("use_three") == e.value("use_four"));
  CHECK(e.value("use_three") == e.value("use_main"));
  const ended loaded =
      load("loader", {"local", program("libthree.so"), "use_three", program("libfour.so"), "use_four"});
  INFO(loaded);
  CHECK(loaded.well());
  CHECK(loaded.value("use_three").ends_with(undisturbed()));
  CHECK(loaded.value("use_three") == loaded.value("use_four"));
}

TEST_CASE("a shared object with Weir in it stays when it is unloaded: threads that have used it end in it") {
  for (const auto& [file, function] : {std::pair{"libone.so", "use_one"}, std::pair{"libthree.so", "use_three"}}) {
    const ended e = load("loader", {"unload", program(file), function});
    INFO(e);
    CHECK(e.well());
    CHECK(e.value("mapped") == "yes");
    CHECK((e.value("asks-to-stay") == "yes" || function == std::string("use_three")));  // that one's copy does
  }
}

}  // namespace
