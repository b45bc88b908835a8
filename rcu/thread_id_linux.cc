// Linux: gettid(2).
#include <sys/syscall.h>
#include <unistd.h>

#include "weir/rcu/own_thread.h"

namespace weir::rcu::detail {

std::uint64_t system_thread_id() noexcept { return static_cast<std::uint64_t>(::syscall(SYS_gettid)); }

}  // namespace weir::rcu::detail
