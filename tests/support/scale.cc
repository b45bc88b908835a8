#include "tests/support/scale.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "tests/support/launcher.h"
#include "weir/barrier/port.h"

namespace weir::test {

int scaled(int normal) {
  const int divisor = under_valgrind() ? 50 : port::under_tsan || launcher() != nullptr ? 10 : 1;
  return std::max(1, normal / divisor);
}

// It loads a library of its own into the program, by this variable.
bool under_valgrind() {
  static const char* const preloaded = std::getenv("LD_PRELOAD");
  return preloaded != nullptr && std::strstr(preloaded, "vgpreload") != nullptr;
}

bool with_checks() {
#if !defined(NDEBUG) || defined(WEIR_CHECKS)
  return true;
#else
  return false;
#endif
}

}  // namespace weir::test
