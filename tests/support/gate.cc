#include "tests/support/gate.h"

#include "tests/support/scale.h"

namespace weir::test {

std::chrono::seconds deadline() { return std::chrono::seconds(under_valgrind() ? 200 : 40); }

void gate::pass() {
  std::unique_lock hold(lock_);
  ++arrived_;
  changed_.notify_all();
  changed_.wait(hold, [&] { return open_; });
}

bool gate::await(int n) {
  std::unique_lock hold(lock_);
  return changed_.wait_for(hold, deadline(), [&] { return arrived_ >= n; });
}

void gate::open() {
  const std::lock_guard hold(lock_);
  open_ = true;
  changed_.notify_all();
}

}  // namespace weir::test
