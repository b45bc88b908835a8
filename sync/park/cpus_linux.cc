// Linux: sched_getaffinity(2), also where the mask is that of a cgroup's cpuset or of taskset(1). By its number, since
// the kernel says how many bytes it has written.
#include <bit>
#include <cstring>
#include <sys/syscall.h>
#include <unistd.h>

#include "weir/sync/park/cpus.h"

namespace weir::park::detail {

cpus cpus_of_this_thread() noexcept {
  constexpr unsigned bits = 8 * sizeof(unsigned long);
  unsigned long mask[8192 / bits];  // Linux's largest NR_CPUS
  const long bytes = ::syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  cpus found{0, 0};
  for (unsigned i = 0; bytes > 0 && i < static_cast<unsigned long>(bytes) / sizeof mask[0]; ++i) {
    if (mask[i] == 0) continue;
    found.count += static_cast<unsigned>(std::popcount(mask[i]));
    found.only = i * bits + static_cast<unsigned>(std::countr_zero(mask[i]));
  }
  return found.count != 0 ? found : cpus{2, 0};  // not told: as if there were several
}

}  // namespace weir::park::detail
