#include <sched.h>
#include <unistd.h>

#include "weir/rcu/urcu/cpu.h"

namespace weir::rcu::urcu {

int cpus() noexcept {
  const long n = ::sysconf(_SC_NPROCESSORS_CONF);
  return n > 0 && n <= CPU_SETSIZE ? static_cast<int>(n) : CPU_SETSIZE;
}

int current_cpu() noexcept { return ::sched_getcpu(); }

void stay_on(int cpu) noexcept {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(static_cast<unsigned>(cpu), &only);
  static_cast<void>(::sched_setaffinity(0, sizeof only, &only));  // a wish: the processor may be offline
}

}  // namespace weir::rcu::urcu
