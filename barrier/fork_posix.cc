// The handlers of fork(), on POSIX: pthread_atfork(3).
//
// No pthread_once(3), and no local static object: a fork() while another thread is inside leaves a child in which it is
// never over. (glibc's begins again there; other systems' and ThreadSanitizer's wait for the thread that is gone.)
#include <atomic>
#include <pthread.h>

#include "weir/barrier/port.h"
#include "weir/barrier/thread_system.h"

namespace weir::barrier::detail {
namespace {

// How often a fork() in progress on this thread has called our handlers: they may be registered more than once.
constinit thread_local int forks WEIR_TLS_FAST = 0;

void prepare() {
  if (forks++ == 0) before_fork();
}
void in_parent() {
  if (--forks == 0) after_fork_in_parent();
}
void in_child() {
  if (--forks == 0) after_fork_in_child();
}

constinit std::atomic<bool> fork_is_armed{false};

}  // namespace

bool arm_fork() noexcept {
  // [fork-armed] Acquire: the registration that is read of is made. Pairs with [fork-arm]. Two threads that both read
  // false both register, and so does a child whose parent was in the middle of it: see `forks`.
  if (fork_is_armed.load(std::memory_order_acquire)) return true;
  if (::pthread_atfork(&prepare, &in_parent, &in_child) != 0) return false;
  // [fork-arm] Release: the registration comes before. Pairs with [fork-armed].
  fork_is_armed.store(true, std::memory_order_release);
  return true;
}

}  // namespace weir::barrier::detail
