#include "weir/barrier/thread.h"

#include <algorithm>
#include <array>
#include <bit>
#include <mutex>
#include <span>

#include "weir/barrier/fail.h"
#include "weir/barrier/forever.h"
#include "weir/barrier/static_mutex.h"
#include "weir/barrier/thread_bound.h"
#include "weir/barrier/thread_own.h"
#include "weir/barrier/thread_system.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace thread {
namespace {

// Everything but the bound is under the lock. The bits are 512 KiB of which only touched pages exist: a registration
// cannot fail for want of memory here.
struct registry {
  weir::detail::forever<weir::detail::static_mutex> lock;
  std::array<std::uint64_t, limit / 64> used{};  // bit i % 64 of word i / 64: number i is in use
  std::size_t first_open = 0;                    // every word before this is full
  std::array<room*, max_rooms> rooms{};          // in the order of their levels
  int room_count = 0;
  detail::thread_bound bound;
};
constinit registry the_registry;

using detail::own;
using detail::own_state;

// A room in a handler must not find the registry's lock taken, so the handlers go by a copy.
struct rooms_now {
  std::array<room*, max_rooms> rooms;
  int count;
};

rooms_now copy_rooms() noexcept {
  const std::lock_guard hold(the_registry.lock.value);
  return {the_registry.rooms, the_registry.room_count};
}

index smallest_free() noexcept {
  registry& r = the_registry;
  for (std::size_t w = r.first_open; w < r.used.size(); ++w) {
    if (~r.used[w] != 0) {
      r.first_open = w;
      return static_cast<index>(w * 64 + static_cast<std::size_t>(std::countr_one(r.used[w])));
    }
  }
  return none;
}

void give_back(index i) noexcept {
  registry& r = the_registry;
  r.used[i / 64] &= ~(std::uint64_t{1} << (i % 64));
  r.first_open = std::min<std::size_t>(r.first_open, i / 64);
}

WEIR_COLD index join() noexcept {
  // The system will not call this_thread_ends() again for this thread: a number taken now would never be given back.
  // (Of a thread whose very first number is asked for in its last round we cannot know that, and the number is lost.)
  if (own() != nullptr && own()->rounds >= detail::thread_end_rounds) return none;
  if (!detail::arm_thread_end()) return none;
  const std::lock_guard hold(the_registry.lock.value);
  const index i = smallest_free();
  if (i == none) return none;
  the_registry.used[i / 64] |= std::uint64_t{1} << (i % 64);
  the_registry.bound.include(i);
  own()->number = i;
  return i;
}

// Before the lock is taken for the first time: a fork() in between would leave it taken in the child.
void arm_fork_or_die() noexcept {
  if (!detail::arm_fork()) weir::detail::die("the system has no memory for fork handlers (pthread_atfork)");
}

// Under the lock.
bool has_entered(const room& r) noexcept {
  const auto end = the_registry.rooms.begin() + the_registry.room_count;
  return std::find(the_registry.rooms.begin(), end, &r) != end;
}

// Under the lock.
void insert(room& r) noexcept {
  registry& all = the_registry;
  const auto end = all.rooms.begin() + all.room_count;
  WEIR_ASSERT(all.room_count < max_rooms, "too many rooms have entered the registry of threads");
  const auto at = std::find_if(all.rooms.begin(), end, [&](const room* other) { return other->level > r.level; });
  std::move_backward(at, end, end + 1);
  *at = &r;
  ++all.room_count;
}

}  // namespace

void enter(room& r) noexcept {
  arm_fork_or_die();
  const std::lock_guard hold(the_registry.lock.value);
  WEIR_ASSERT(!has_entered(r), "a room has entered the registry of threads twice");
  insert(r);
}

void enter_once(room& r) noexcept {
  arm_fork_or_die();
  const std::lock_guard hold(the_registry.lock.value);
  if (!has_entered(r)) insert(r);
}

index self() noexcept {
  own_state* const mine = own();
  if (mine == nullptr || mine->number == none) [[unlikely]] {
    return join();
  }
  if (mine->leaving) mine->again = true;
  return mine->number;
}

index self_if_any() noexcept {
  const own_state* const mine = own();
  return mine != nullptr ? mine->number : none;
}

bool is_leaving() noexcept {
  const own_state* const mine = own();
  return mine != nullptr && mine->leaving;
}

index bound() noexcept { return the_registry.bound.scan(); }

}  // namespace thread
}  // namespace WEIR_FORM

namespace detail {

void this_thread_ends() noexcept {
  own_state& own = *detail::own();  // it was armed
  ++own.rounds;
  // Again in the next round, whether needed or not: join() must know which one is the last.
  if (own.rounds < thread_end_rounds) static_cast<void>(arm_thread_end());
  if (own.number == thread::none) return;
  own.leaving = true;
  // A room that was used again by another's function is told again. A function that uses its own room each time would
  // go on for ever: what is left after a few rounds is a record that is not as new, which such a room must expect.
  constexpr int patience = 8;
  for (int round = 0; round < patience; ++round) {
    own.again = false;
    const auto [rooms, count] = thread::copy_rooms();
    for (int i = count; i-- > 0;) {
      if (rooms[static_cast<std::size_t>(i)]->left != nullptr) rooms[static_cast<std::size_t>(i)]->left(own.number);
    }
    if (!own.again) break;
  }
  const std::lock_guard hold(thread::the_registry.lock.value);
  thread::give_back(own.number);
  own.number = thread::none;
  own.leaving = false;
}

namespace {

void tell_parent(const thread::rooms_now& now) noexcept {
  for (const thread::room* r : std::span(now.rooms.data(), static_cast<std::size_t>(now.count))) {
    if (r->in_parent != nullptr) r->in_parent();
  }
}

}  // namespace

void before_fork() noexcept {
  thread::registry& all = thread::the_registry;
  for (;;) {
    const thread::rooms_now asked = thread::copy_rooms();
    for (int i = asked.count; i-- > 0;) {
      const thread::room* const r = asked.rooms[static_cast<std::size_t>(i)];
      if (r->before_fork != nullptr) r->before_fork();
    }
    all.lock.value.lock();
    if (all.room_count == asked.count) return;
    // A room has entered meanwhile, and may be higher than those whose locks we hold: back, and all in their turn.
    all.lock.value.unlock();
    tell_parent(asked);
  }
}

void after_fork_in_parent() noexcept {
  thread::registry& all = thread::the_registry;
  const thread::rooms_now asked{all.rooms, all.room_count};  // a room that enters after the unlock was not asked
  all.lock.value.unlock();
  tell_parent(asked);
}

void after_fork_in_child() noexcept {
  thread::registry& all = thread::the_registry;
  all.lock.value.unlock();
  // Alone in the process from here on: nothing below needs the lock but the rooms' own calls.
  const thread::index self = thread::self_if_any();
  const auto [rooms, count] = thread::copy_rooms();
  const thread::index bound = all.bound.scan();
  for (const thread::room* r : std::span(rooms.data(), static_cast<std::size_t>(count))) {
    for (thread::index i = 0; r->lost_in_child != nullptr && i < bound; ++i) {
      const bool used = (all.used[i / 64] >> (i % 64) & 1) != 0;
      if (used && i != self) r->lost_in_child(i);
    }
    if (r->in_child != nullptr) r->in_child(self);
  }
  for (thread::index i = 0; i < bound; ++i) {
    if (i != self) thread::give_back(i);
  }
}

}  // namespace detail
}  // namespace weir::barrier
