#include "tests/support/forked.h"

#include <cstdio>

namespace weir::test {

std::string outcome::summary() const {
  const std::string how = (exited ? "exit " : "signal ") + std::to_string(status);
  return how == "exit 0" ? how : how + "\n" + text;
}

int unless(bool condition, const char* sentence) {
  if (condition) return 0;
  std::fprintf(stderr, "%s\n", sentence);
  return 1;
}

}  // namespace weir::test
