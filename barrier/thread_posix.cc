// POSIX. The end of a thread is the destructor of a pthread key: it runs after those of thread_local objects (glibc,
// musl and bionic destroy these first), and again for a key that was set again, PTHREAD_DESTRUCTOR_ITERATIONS times at
// most (pthread_key_create(3)).
//
// No pthread_once(3), and no local static object: a fork() while another thread is inside leaves a child in which it is
// never over. (glibc's begins again there; other systems' and ThreadSanitizer's wait for the thread that is gone.)
#include <atomic>
#include <climits>
#include <cstdint>
#include <pthread.h>

#include "weir/barrier/port.h"
#include "weir/barrier/thread_system.h"

namespace weir::barrier::detail {
namespace {

// The key and 1, or 0: there is none yet.
constinit std::atomic<std::uintptr_t> the_key{0};

std::uintptr_t make_key() noexcept {
  pthread_key_t fresh{};
  if (::pthread_key_create(&fresh, [](void*) { this_thread_ends(); }) != 0) return 0;
  std::uintptr_t found = 0;
  const auto word = static_cast<std::uintptr_t>(fresh) + 1;
  // [key] Release: the key is made. Acquire: so is another thread's, which came first. Pairs with [key-used].
  if (the_key.compare_exchange_strong(found, word, std::memory_order_acq_rel, std::memory_order_acquire)) return word;
  ::pthread_key_delete(fresh);
  return found;
}

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

// All rounds but the last, in which other keys' owners stop to know the thread (ThreadSanitizer forgets it there).
const int thread_end_rounds = PTHREAD_DESTRUCTOR_ITERATIONS - 1;

bool arm_thread_end() noexcept {
  std::uintptr_t word = the_key.load(std::memory_order_acquire);  // [key-used] Pairs with [key].
  if (word == 0) word = make_key();
  return word != 0 && ::pthread_setspecific(static_cast<pthread_key_t>(word - 1), &the_key) == 0;  // any but null
}

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
