// Any system: what std::thread says of the machine.
#include <thread>

#include "weir/barrier/atomic.h"
#include "weir/sync/park/cpus.h"

namespace weir::park::detail {

cpus cpus_of_this_thread() noexcept {
  static constinit weir::atomic<unsigned> told{0};  // whoever asks first; each of several may
  unsigned count = told.load(std::memory_order_relaxed);
  if (count == 0) {
    count = std::thread::hardware_concurrency();
    if (count == 0) count = 2;  // not told, as if there were several
    told.store(count, std::memory_order_relaxed);
  }
  return {count, 0};
}

}  // namespace weir::park::detail
