#include "weir/sync/nt/room.h"

#include "weir/barrier/atomic.h"
#include "weir/barrier/port.h"
#include "weir/barrier/thread.h"
#include "weir/sync/nt/address_wait.h"
#include "weir/sync/nt/handles.h"
#include "weir/sync/nt/keyed_event.h"
#include "weir/sync/nt/names.h"
#include "weir/sync/nt/self.h"
#include "weir/sync/nt/thread_object.h"
#include "weir/sync/nt/timer.h"

namespace weir::nt::detail {
namespace {

namespace registry = barrier::thread;

void left(registry::index i) noexcept { end_thread(i); }

// In the order of sync/README.md.
void before_fork() noexcept {
  lock_timers_for_fork();
  lock_names_for_fork();
  lock_own_queue_for_fork();
  lock_keys_for_fork();
  lock_addresses_for_fork();
  own_handles().lock_for_fork();
  lock_numbers_for_fork();
}
void in_parent() noexcept {
  unlock_numbers_after_fork();
  own_handles().unlock_after_fork();
  unlock_addresses_after_fork();
  unlock_keys_after_fork();
  unlock_own_queue_after_fork();
  unlock_names_after_fork();
  unlock_timers_after_fork();
}
// What belongs to the parent's objects is not there, or is left alone, as the names are (names.cc).
void in_child(registry::index i) noexcept {
  in_parent();
  forget_timers_of_parent();
  forget_keys_of_parent();
  forget_addresses_of_parent();
  forget_threads_of_parent(i);
}

constinit registry::room room{
    .level = 2,
    .left = &left,
    .before_fork = &before_fork,
    .in_parent = &in_parent,
    .in_child = &in_child,
};

// Entered once, and behind the engine's room: what is behind it is asked before it, and the segment's locks come last.
constinit weir::atomic<bool> entered{false};
WEIR_COLD void enter_room_of_handles() noexcept {
  enter_room();
  registry::enter_once(room);
  entered.store(true, std::memory_order_relaxed);  // twice does no harm
}

}  // namespace

// A hint. Whoever reads it as true does so after a fork() that has not asked the room: that one had the registry's lock
// until its end.
void enter_handles() noexcept {
  if (!entered.load(std::memory_order_relaxed)) enter_room_of_handles();
}

}  // namespace weir::nt::detail
