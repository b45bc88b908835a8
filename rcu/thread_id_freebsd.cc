// FreeBSD: pthread_getthreadid_np(3).
#include <pthread_np.h>

#include "weir/rcu/own_thread.h"

namespace weir::rcu::detail {

std::uint64_t system_thread_id() noexcept { return static_cast<std::uint64_t>(::pthread_getthreadid_np()); }

}  // namespace weir::rcu::detail
