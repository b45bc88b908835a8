// What one thread has retired in one domain and not reclaimed.
//
// Internal. The owner appends to the open segment without a lock, and without writing anything but that; all else is
// done under the bag's lock, once in 250 objects: whoever cleans up takes away from other threads' bags, too. A segment
// is in one place: open, sealed, or running (its objects are being looked at by some thread, outside of the lock).
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/word_mutex.h"
#include "weir/hazard/segment.h"

namespace weir::hazard::detail {

// The open segment of a bag that has none: full. Never written.
extern constinit segment full;

struct segments {
  segment* first = nullptr;
  segment* last = nullptr;

  void add(segment* s) noexcept {
    s->next = nullptr;
    (first == nullptr ? first : last->next) = s;
    last = s;
  }
  segment* pop() noexcept {
    segment* const s = first;
    if (s != nullptr) first = s->next;
    return s;
  }
};

struct alignas(64) bag {
  weir::atomic<segment*> open{&full};     // written by the owner, under the lock
  weir::atomic<std::uint64_t> domain{0};  // the number of the domain that it is in use for; the owner's

  weir::detail::word_mutex lock;    // all that follows; held shortly: at most for a look at each entry that was run
  segments sealed;                  // in the order of their tickets
  std::size_t objects = 0;          // in those
  std::size_t running_objects = 0;  // in those that were taken to be looked through, when they were taken
  bool ownerless = false;           // its thread has ended
  segment* running = nullptr;
  std::uint64_t turns = 0;                 // how often segments have been taken to be looked through
  weir::atomic<std::uint32_t> changed{0};  // goes up when a turn ends: for who waits for it
  segment* spare = nullptr;
  std::uint32_t spares = 0;

  // All of these under the lock.

  // A new segment for the owner, who has none open. False: out of memory.
  [[nodiscard]] bool open_one() noexcept;

  // The open segment goes to the sealed ones.
  void seal() noexcept;

  // What is in the open segment so far, likewise; the owner goes on with the rest. False: not all of it, for want of
  // memory.
  [[nodiscard]] bool seal_copy() noexcept;

  // Takes the sealed segments that come before the first whose ticket is not `served`, for the calling thread to look
  // through: at the front of its chain.
  template <class Served>
  [[nodiscard]] segment* begin_turn(segment* chain, const void* runner, Served&& served) noexcept {
    if (sealed.first != nullptr) ++turns;
    while (segment* const s = sealed.first) {
      if (!served(s->ticket)) break;
      sealed.first = s->next;
      objects -= s->written() - s->first;
      run(s, runner);
      s->chain = chain;
      chain = s;
    }
    return chain;
  }

  // Ends the turn of a chain, all of this bag. If `some_are_left`, what is left in it goes back to the sealed ones.
  void end_turn(segment* chain, bool some_are_left) noexcept;

  // Whether another thread looks through something that was taken in one of the first `turn` turns.
  [[nodiscard]] bool somebody_runs(std::uint64_t turn, const void* self) const noexcept;

  // All that is in the other one, whose lock is held as well, and whose owner is gone: not what it runs.
  void adopt(bag& other) noexcept;

  // In the child after fork(): what threads other than `self` were looking through goes back.
  void take_back(const void* self) noexcept;

  void free_memory() noexcept;

 private:
  void run(segment* s, const void* runner) noexcept;
  void unlink(segment* s) noexcept;
  [[nodiscard]] segment* fresh() noexcept;
  void recycle(segment* s) noexcept;
  void seal(segment* s) noexcept;
  void compact(segment* chain) noexcept;
};

}  // namespace weir::hazard::detail
