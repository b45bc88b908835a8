// How a test starts a program: by itself, or by the translator that runs the test itself (./run cross).
#pragma once

#include <cstdlib>

namespace weir::test {

// The program to start others with, as its first argument, or null: they can be started directly.
[[nodiscard]] inline const char* launcher() { return std::getenv("WEIR_TEST_LAUNCHER"); }

}  // namespace weir::test
