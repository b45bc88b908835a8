// Apple: pthread_threadid_np(3).
#include <pthread.h>

#include "weir/rcu/own_thread.h"

namespace weir::rcu::detail {

std::uint64_t system_thread_id() noexcept {
  std::uint64_t id = 0;
  ::pthread_threadid_np(nullptr, &id);
  return id;
}

}  // namespace weir::rcu::detail
