// Ends each test program with one line that counts its cases: what ./run test adds up.
#include <cstdio>

#include "tests/support/catch.h"

namespace {

class tally : public Catch::TestEventListenerBase {
 public:
  using Catch::TestEventListenerBase::TestEventListenerBase;  // an alias, in Catch2 3: not a name of the class

  void testRunEnded(const Catch::TestRunStats& stats) override {
    const auto& cases = stats.totals.testCases;
    std::printf("cases: %lu passed, %lu failed\n", static_cast<unsigned long>(cases.passed),
                static_cast<unsigned long>(cases.failed));
    std::fflush(stdout);
  }
};

CATCH_REGISTER_LISTENER(tally)

}  // namespace
