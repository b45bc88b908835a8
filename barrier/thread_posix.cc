// POSIX. The end of a thread is the destructor of a pthread key: it runs after those of thread_local objects (glibc,
// musl and bionic destroy these first), and again for a key that was set again, PTHREAD_DESTRUCTOR_ITERATIONS times at
// most (pthread_key_create(3)).
#include <climits>
#include <pthread.h>

#include "weir/barrier/thread_system.h"

namespace weir::barrier::detail {
namespace {

pthread_key_t key;
bool have_key = false;
pthread_once_t once = PTHREAD_ONCE_INIT;

bool fork_is_armed = false;
pthread_once_t fork_once = PTHREAD_ONCE_INIT;

void make_key() {
  have_key = ::pthread_key_create(&key, [](void*) { this_thread_ends(); }) == 0;
}

void arm_fork_now() {
  fork_is_armed = ::pthread_atfork(&before_fork, &after_fork_in_parent, &after_fork_in_child) == 0;
}

}  // namespace

// All rounds but the last, in which other keys' owners stop to know the thread (ThreadSanitizer forgets it there).
const int thread_end_rounds = PTHREAD_DESTRUCTOR_ITERATIONS - 1;

bool arm_thread_end() noexcept {
  ::pthread_once(&once, &make_key);
  return have_key && ::pthread_setspecific(key, &key) == 0;  // any value that is not null
}

bool arm_fork() noexcept {
  ::pthread_once(&fork_once, &arm_fork_now);
  return fork_is_armed;
}

}  // namespace weir::barrier::detail
