// Windows: GetCurrentThreadId.
#include <windows.h>

#include "weir/rcu/own_thread.h"

namespace weir::rcu::detail {

std::uint64_t system_thread_id() noexcept { return ::GetCurrentThreadId(); }

}  // namespace weir::rcu::detail
