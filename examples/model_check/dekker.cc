// A structure on light() and heavy() checked in every schedule: Dekker's mutual exclusion between a frequent thread and
// a rare one. Run it: it prints what Relacy found. With light() on both sides Relacy shows the execution in which both
// get in.
#include <cstdio>

#include "weir/barrier/barrier.h"

namespace {

template <bool HeavyWriter>
struct dekker : rl::test_suite<dekker<HeavyWriter>, 2> {
  weir::barrier::model::process process{2};  // the barriers of one simulated process with two threads
  weir::atomic<int> wants[2];
  rl::var<int> inside;

  void thread(unsigned self) {
    wants[self].store(1, std::memory_order_relaxed);
    if (self == 1 && HeavyWriter) {
      weir::barrier::heavy();
    } else {
      weir::barrier::light();
    }
    if (wants[1 - self].load(std::memory_order_acquire) == 0) inside($) = 1;  // a data race if both are here
    wants[self].store(2, std::memory_order_release);
  }
};

template <class Suite>
bool clean(const char* name) {
  rl::test_params p;
  p.search_type = rl::fair_full_search_scheduler_type;
  const bool result = rl::simulate<Suite>(p);
  std::printf("%s: %s\n\n", name, result ? "excludes in every schedule" : "both get in");
  return result;
}

}  // namespace

int main() {
  const bool right = clean<dekker<true>>("light/heavy");
  const bool wrong = clean<dekker<false>>("light/light");
  const bool as_expected = right && !wrong;
  std::printf("cases: %d passed, %d failed\n", as_expected ? 1 : 0, as_expected ? 0 : 1);
  return as_expected ? 0 : 1;
}
