// Any system: threads have no number.
#include "weir/rcu/own_thread.h"

namespace weir::rcu::detail {

std::uint64_t system_thread_id() noexcept { return 0; }

}  // namespace weir::rcu::detail
