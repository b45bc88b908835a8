// The segment of this process: objects and threads in private memory. Internal.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/forever.h"
#include "weir/barrier/port.h"
#include "weir/barrier/static_mutex.h"
#include "weir/sync/nt/cell.h"
#include "weir/sync/nt/chunks.h"
#include "weir/sync/nt/growing.h"
#include "weir/sync/nt/lock.h"
#include "weir/sync/park/clock.h"
#include "weir/sync/park/deadline.h"
#include "weir/sync/park/measured.h"
#include "weir/sync/park/native.h"
#include "weir/sync/park/spin.h"
#include "weir/sync/park/timeout.h"

namespace weir::nt::detail {

struct native_types {
  template <class T>
  using atomic = weir::atomic<T>;
  template <class T>
  using plain = T;
  using parker = park::measured<park::native>;
  using deadline = park::deadline;
  using timeout = park::timeout;

  static constexpr std::uint32_t most = 64;

  [[nodiscard]] static deadline never() noexcept { return deadline::never(); }
  [[nodiscard]] static bool nap(const deadline& until) noexcept;
  [[nodiscard]] static std::uint32_t pauses() noexcept { return park::spin::of_this_process().limit(); }
  // After an exchange of this thread's it is nothing, where that is a full barrier by itself.
  // [wait-fence] A wait is a full barrier for its caller's own accesses; its other end is another thread's wait.
  WEIR_INLINE static void fence() noexcept { weir::atomic_thread_fence(std::memory_order_seq_cst); }
  WEIR_INLINE static void fence_after_exchange() noexcept {
    if constexpr (!port::rmw_is_full_fence) fence();
  }
};

// What the documents of a segment say; another process will rely on it.
using native_cell = cell<native_types>;
using native_node = node<native_types>;
using native_record = record<native_types>;
using native_header = segment_header<native_types>;
static_assert(sizeof(native_cell) == 64 && alignof(native_cell) == 64);
static_assert(offsetof(native_cell, word) == 0 && offsetof(native_cell, head) == 8);
static_assert(offsetof(native_cell, tail) == 12 && offsetof(native_cell, all_nodes) == 16);
static_assert(offsetof(native_cell, limit) == 20 && offsetof(native_cell, recursion) == 24);
static_assert(offsetof(native_cell, own_next) == 28 && offsetof(native_cell, own_prior) == 32);
static_assert(offsetof(native_cell, references) == 36 && offsetof(native_cell, held_word) == 40);
static_assert(offsetof(native_cell, held_next) == 48 && offsetof(native_cell, held) == 52);
static_assert(offsetof(native_cell, object) == 53 && offsetof(native_cell, process) == 54);
static_assert(offsetof(native_cell, generation) == 56 && offsetof(native_cell, self) == 60);
static_assert(sizeof(native_node) == 16 && offsetof(native_node, prior) == 4 && offsetof(native_node, cell) == 8);
static_assert(offsetof(native_node, linked) == 12 && offsetof(native_node, all) == 13);
static_assert(offsetof(native_node, mutant) == 14);
static_assert(offsetof(native_record, state) == 0 && offsetof(native_record, result) == 4);
static_assert(offsetof(native_record, count) == 8 && offsetof(native_record, wake_next) == 12);
static_assert(offsetof(native_record, owned) == 16 && offsetof(native_record, self) == 20);
static_assert(offsetof(native_record, alert) == 24 && offsetof(native_record, object) == 28);
static_assert(offsetof(native_record, nodes) == 64);
static_assert(offsetof(native_header, group) == 64 && sizeof(native_header) == 128);

class alignas(port::line) segment {
 public:
  using types = native_types;

  constexpr segment() noexcept = default;
  segment(const segment&) = delete;
  segment& operator=(const segment&) = delete;

  [[nodiscard]] native_cell& cell_at(number n) const noexcept { return cells_.at(n); }
  [[nodiscard]] native_record& record_at(number n) const noexcept { return records_.at(n); }
  [[nodiscard]] weir::atomic<std::uint32_t>& group() noexcept { return header_.group; }
  [[nodiscard]] park::deadline start(const park::timeout& time) const noexcept { return time.from(clock()); }
  // What waits and timers are measured by.
  [[nodiscard]] const park::clock& clock() const noexcept {
    const park::clock* const tests = clock_.load(std::memory_order_relaxed);  // set while nobody waits
    return tests != nullptr ? *tests : park::system_clock();
  }
  template <class Word>
  static void wait_for_lock(unsigned round, const Word&) noexcept {
    wait_a_while(round);
  }
  // On a list, for the next object.
  void ended(native_cell& c) noexcept;

  // A new object with one reference, which nobody owns or waits for. Null: out of memory, or 2^25 - 1 objects exist,
  // alerts among them. `limit`: a semaphore's. `object`: what it is to handles.
  [[nodiscard]] native_cell* make(kind k, std::uint32_t value, std::uint32_t limit, std::uint8_t object) noexcept;

  // One more; the caller has one.
  void refer(native_cell& c) noexcept;
  // One less. The last one ends the object, unless somebody is in its queue, or owns it: then they do. Of an object
  // that is not this process's own: nothing.
  void drop(native_cell& c) noexcept;

  // Takes a mutant for `me`, the calling thread, which has just made it and shown it to nobody: so it is there to be
  // had, once whoever has the cell locked on behalf of its last object has given it back.
  void give(native_cell& c, native_record& me) noexcept;

  // Whether this process has made the object, and not one that it was forked off from. Its parent's objects may be
  // locked for ever here: what is left of them when the child has forgotten its parent's handles, names and timers
  // (references that RCU gives up, or destructors) leaves them alone.
  [[nodiscard]] bool is_own(const native_cell& c) const noexcept { return c.process == process_; }

  // The record with this number, made if need be. Null: out of memory.
  [[nodiscard]] native_record* make_record(number n) noexcept;

  [[nodiscard]] native_record* find_record(number n) const noexcept { return records_.find(n); }

  // Objects that there are.
  [[nodiscard]] std::uint32_t objects() noexcept;

  void measure_by(const park::clock* c) noexcept { clock_.store(c, std::memory_order_relaxed); }  // see start()

  void lock_for_fork() noexcept;
  void unlock_after_fork() noexcept;
  void become_child() noexcept { ++process_; }  // one thread

 private:
  static void wait_a_while(unsigned round) noexcept;
  [[nodiscard]] native_cell* take_free() noexcept;

  native_header header_;
  growing<native_cell, number{1} << 25> cells_;
  chunks<native_record, 16, word::owner_limit> records_;
  weir::atomic<const park::clock*> clock_{nullptr};
  std::uint16_t process_ = 0;  // forks that led to this process; wraps around, as if the oldest ones were its own

  // Apart from what every operation reads.
  alignas(port::line) weir::detail::static_mutex lock_;  // of what follows
  number free_ = 0;                                      // through own_next
  number next_ = 1;                                      // never used so far
  std::uint32_t objects_ = 0;
};

extern constinit weir::detail::forever<segment> segment_of_process;

// The one of this process. Never destroyed.
[[nodiscard]] WEIR_INLINE segment& own_segment() noexcept { return segment_of_process.value; }

}  // namespace weir::nt::detail
