// Any system: what std::thread says of the machine.
#include <thread>

#include "weir/sync/park/cpus.h"

namespace weir::park::detail {

cpus cpus_of_this_thread() noexcept {
  static const unsigned count = std::thread::hardware_concurrency();  // 0: not told, as if there were several
  return {count != 0 ? count : 2, 0};
}

}  // namespace weir::park::detail
