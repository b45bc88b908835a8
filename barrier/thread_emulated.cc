// POSIX, where a thread_local is memory that the system frees before the thread's last moment: on Apple's systems, and
// where a compiler emulates it (Android below API level 29). That memory belongs to a pthread key like any other, made
// before ours or after it; so what a thread knows of itself is the value of our key, which is there until we let it go.
//
// The end of a thread is the destructor of that key. It runs after those of thread_local objects, which are the
// destructor of a key that is made when a program starts (or, with old Android libraries, when the first such object is
// made: then it may run before them, and once more after them if they asked for a number), and again for a key that was
// set again, PTHREAD_DESTRUCTOR_ITERATIONS times at most (pthread_key_create(3)).
//
// A thread whose first number is asked for after the first rounds are over never gets as far as the last: its 16 bytes
// are lost, and in the very last one the number, too.
#include <climits>
#include <new>

#include "weir/barrier/port.h"
#include "weir/barrier/thread_key.h"
#include "weir/barrier/thread_own.h"
#include "weir/barrier/thread_system.h"

namespace weir::barrier::detail {

// All rounds but the last: in that one nothing can be kept for a later one.
const int thread_end_rounds = PTHREAD_DESTRUCTOR_ITERATIONS - 1;

namespace {

// What a thread finds that is past its end: no number, and no further round to give one back in. Never written.
constinit own_state past_its_end{.rounds = thread_end_rounds};

constinit thread_key the_key;

void on_thread_end(void* armed) noexcept;

// In every round but the last, with what the thread knows of itself.
WEIR_COLD void on_round(own_state* mine) noexcept {
  // The system has taken the value away before the call; while there is one, the destructor is called in every round.
  if (!the_key.set(&on_thread_end, mine)) return;
  this_thread_ends();
  if (mine->rounds < thread_end_rounds) return;
  static_cast<void>(the_key.set(&on_thread_end, &past_its_end));
  delete mine;
}

// In the last round the thread stays past its end; under ThreadSanitizer nothing is called any more.
WEIR_UNINSTRUMENTED void on_thread_end(void* armed) noexcept {
  if (armed != &past_its_end) {
    on_round(static_cast<own_state*>(armed));
  } else if constexpr (!port::under_tsan) {
    static_cast<void>(the_key.set(&on_thread_end, &past_its_end));
  }
}

}  // namespace

own_state* own() noexcept { return static_cast<own_state*>(the_key.get()); }

bool arm_thread_end() noexcept {
  if (own() != nullptr) return true;
  auto* const made = new (std::nothrow) own_state;
  if (made == nullptr) return false;
  if (the_key.set(&on_thread_end, made)) return true;
  delete made;
  return false;
}

}  // namespace weir::barrier::detail
