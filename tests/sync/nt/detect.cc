// detect NAME: runs one detector until it has found something. Exit code 0: it has. Built with a wrong variant of the
// engine, to show that it does (notice_test.cc).
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "tests/sync/nt/detectors.h"

int main(int count, char** arguments) {
  using namespace weir::nt::test;
  for (const detector& d : detectors) {
    if (count != 2 || d.name != arguments[1]) continue;
    const found f = d.run({.rounds = 0, .until_found = true});
    std::printf("%s: %llu violations in %llu rounds\n", arguments[1], static_cast<unsigned long long>(f.violations),
                static_cast<unsigned long long>(f.rounds));
    std::fflush(stdout);
    std::_Exit(f.violations != 0 ? 0 : 1);
  }
  std::puts("usage: detect NAME");
  return 2;
}
