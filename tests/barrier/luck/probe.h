// What the programs of this directory's tests share: they print one "key=value" to a line, for
// weir::test::ended::value().
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "weir/barrier/barrier.h"

namespace probe {

inline void print(const char* key, const char* value) {
  std::printf("%s=%s\n", key, value);
  std::fflush(stdout);  // abort() flushes nothing
}
inline void print(const char* key, unsigned long value) {
  std::printf("%s=%lu\n", key, value);
  std::fflush(stdout);
}

// Uses every function of barrier.h, and prints what it says of this process.
inline void print_state() {
  const auto before = weir::barrier::system_barriers();
  for (int i = 0; i < 5; ++i) {
    weir::barrier::light();
    weir::barrier::heavy();
    weir::barrier::full();
  }
  print("active", weir::barrier::name(weir::barrier::active()).data());
  print("describe", weir::barrier::describe());
  print("barriers", weir::barrier::system_barriers() - before);
}

}  // namespace probe
