// POSIX, where a thread_local is there until the thread's last moment (ELF). The end of a thread is the destructor of a
// pthread key: it runs after those of thread_local objects (glibc, musl, FreeBSD and bionic destroy these first), and
// again for a key that was set again, PTHREAD_DESTRUCTOR_ITERATIONS times at most (pthread_key_create(3)).
#include <climits>

#include "weir/barrier/port.h"
#include "weir/barrier/thread_key.h"
#include "weir/barrier/thread_own.h"
#include "weir/barrier/thread_system.h"

namespace weir::barrier::detail {
namespace {

constinit thread_local own_state the_own WEIR_TLS_FAST;
constinit thread_key the_key;

}  // namespace

// All rounds but the last, in which other keys' owners stop to know the thread (ThreadSanitizer forgets it there).
const int thread_end_rounds = PTHREAD_DESTRUCTOR_ITERATIONS - 1;

own_state* own() noexcept { return &the_own; }

bool arm_thread_end() noexcept {
  return the_key.set([](void*) { this_thread_ends(); }, &the_own);  // any value but null
}

}  // namespace weir::barrier::detail
