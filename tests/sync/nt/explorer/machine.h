// What the wait engine runs on under the explorer: words whose every access is a step, threads that one scheduler
// moves, and a segment that lies with all else in one piece of memory, to be copied away and back.
//
// A step is what other threads may come before or after: an exchange, a store, a load that asks for an order, a wait
// for a lock, a sleep. A relaxed load is a guess that an exchange answers later, and costs no step of its own, unless
// `machine.fine` says so. Memory is sequentially consistent here: what its orders are for is the model checker's
// business (tests/model/nt_model.cc).
//
// All that the engine changes lies in a mapping of its own, and nothing else does within its reach: a step that is
// tried with wrong values (liveness.h) may come to any address that is made of one of these, of which a part is another
// one's, and of a number of 32 bits, times the size of a node, a record or a cell. The monitor's tables, which grow in
// a step, too, lie elsewhere; no address of them is left on a stack (fibers.cc).
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tests/sync/nt/explorer/fiber.h"
#include "weir/sync/nt/cell.h"

namespace weir::nt::explorer {

inline constexpr unsigned most_threads = 4;
inline constexpr unsigned most_objects = 3;

// What a stopped thread needs to go on.
enum class needs : std::uint8_t {
  nothing,
  lock,     // the lowest bit of *word is clear
  wake,     // it sleeps
  blocked,  // `other` waits, and sleeps
  choice,   // it is between operations, and does any one next
  never,    // its program is over
};

struct thread {
  fiber context;
  const std::uint64_t* lock;
  needs need;
  bool asleep;
  bool timed;         // its sleep has a deadline, which may come at any time
  bool late;          // it has come
  bool token;         // an unpark() that is not consumed
  bool woken;         // one was, in this wait
  bool inside;        // an operation
  std::uint8_t at;    // how many operations it has done
  std::uint8_t does;  // which one of its program's it is in, or comes to
  std::uint8_t other;
  std::uint8_t first;  // which operation it has begun with, while another thread has not begun

  [[nodiscard]] bool has_begun() const noexcept { return inside || at != 0; }
  bool consume() noexcept {
    if (!token) return false;
    token = false;
    return woken = true;
  }
};

struct state_of_all {
  thread threads[most_threads];
  std::uint32_t monitor;
  const char* wrong;  // a sentence, when a property is broken
};

struct machine {
  state_of_all all;
  unsigned threads = 2;
  unsigned objects = 2;
  bool fine = false;    // a relaxed load is a step, too
  bool tokens = false;  // a parker that is woken once for each unpark(), whatever the word is; else the word decides
  unsigned pauses = 0;  // how often a thread looks at an object before it enters its queue
  int running = -1;

  void step() noexcept { stop(needs::nothing); }
  void stop(needs n) noexcept {
    thread& t = all.threads[running];
    t.need = n;
    t.context.stop();
  }
};

inline constexpr std::size_t stack_bytes = 1 << 15;
inline constexpr std::size_t page = 4096;
// The stacks, the machine, and up to the mapping's end the segment: to read on behind it is a fault.
inline constexpr std::uintptr_t home = 0x1000'0000'0000;
inline constexpr std::size_t home_bytes = most_threads * stack_bytes + page;

// NOLINTBEGIN(performance-no-int-to-ptr): an address that is known is as good as a variable's
inline auto& stacks = *reinterpret_cast<char (*)[most_threads][stack_bytes]>(home);
inline machine& the_machine = *reinterpret_cast<machine*>(home + sizeof stacks);
// NOLINTEND(performance-no-int-to-ptr)

template <class T>
struct word_of {
  T load(std::memory_order o) const noexcept {
    if (o != std::memory_order_relaxed || the_machine.fine) the_machine.step();
    return value;
  }
  void store(T v, std::memory_order) noexcept {
    the_machine.step();
    value = v;
  }
  T exchange(T v, std::memory_order) noexcept {
    the_machine.step();
    const T was = value;
    value = v;
    return was;
  }
  bool compare_exchange_strong(T& expected, T v, std::memory_order, std::memory_order) noexcept {
    the_machine.step();
    if (value == expected) {
      value = v;
      return true;
    }
    expected = value;
    return false;
  }
  bool compare_exchange_weak(T& expected, T v, std::memory_order a, std::memory_order b) noexcept {
    return compare_exchange_strong(expected, v, a, b);
  }

  T value;
};

struct deadline {
  bool comes;
};
struct timeout {
  enum class kind : std::uint8_t { never, polls, some_time } what;
  [[nodiscard]] bool only_polls() const noexcept { return what == kind::polls; }
};

struct parker {
  bool prepare() noexcept;
  bool park(word_of<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept;
  void unpark(word_of<std::uint32_t>& word) noexcept;
  void finish(bool unparked) noexcept;

  std::uint8_t whose;
};

// What of thread t's stack is in use.
inline std::span<char> stack_of(unsigned t) noexcept {
  return {the_machine.all.threads[t].context.top(), stacks[t] + stack_bytes};
}

struct types {
  template <class T>
  using atomic = word_of<T>;
  template <class T>
  using plain = T;
  using parker = explorer::parker;
  using deadline = explorer::deadline;
  using timeout = explorer::timeout;

  static constexpr std::uint32_t most = most_objects;
  static deadline never() noexcept { return {false}; }
  static bool nap(const deadline&) noexcept { return true; }
  static std::uint32_t pauses() noexcept { return the_machine.pauses; }
  static void fence() noexcept {}
  static void fence_after_exchange() noexcept {}
};

using cell = detail::cell<types>;
using record = detail::record<types>;

struct segment {
  using types = explorer::types;

  cell& cell_at(detail::number n) noexcept { return cells[n - 1]; }
  record& record_at(detail::number n) noexcept { return records[n - 1]; }
  word_of<std::uint32_t>& group() noexcept { return group_lock; }
  deadline start(const timeout& t) const noexcept { return {t.what == timeout::kind::some_time}; }
  void ended(cell& c) noexcept;
  template <class Word>
  static void wait_for_lock(unsigned, const Word& w) noexcept {
    thread& t = the_machine.all.threads[the_machine.running];
    t.lock = reinterpret_cast<const std::uint64_t*>(&w.value);
    the_machine.stop(needs::lock);
  }

  cell cells[most_objects];
  record records[most_threads];
  alignas(8) word_of<std::uint32_t> group_lock;
  std::uint32_t ends[most_objects];  // of each object
};
static_assert(sizeof(machine) + sizeof(segment) <= page && sizeof(segment) % 64 == 0);
// NOLINTNEXTLINE(performance-no-int-to-ptr): as above
inline segment& the_segment = *reinterpret_cast<segment*>(home + home_bytes - sizeof(segment));

}  // namespace weir::nt::explorer
