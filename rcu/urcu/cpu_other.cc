// Any system: callbacks have no processor.
#include "weir/rcu/urcu/cpu.h"

namespace weir::rcu::urcu {

int cpus() noexcept { return 0; }
int current_cpu() noexcept { return -1; }
void stay_on(int) noexcept {}

}  // namespace weir::rcu::urcu
