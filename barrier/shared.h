// The barrier across processes: light() of a reader in one process pairs with heavy() of a writer in another.
//
// Contract: as barrier.h, over all threads of all processes that have joined the same header. When not to use it:
// within one process barrier.h is cheaper (it interrupts fewer CPUs: this heavy() interrupts every CPU of the machine
// that runs a process which has joined anything). Where the system has no barrier that reaches other processes (only
// Linux 4.16 and FreeBSD 14.1 have), or refuses it, both sides are seq_cst fences; describe() says so.
//
// Example (tests/barrier/example_test.cc compiles it, shared_test.cc beside it runs the like in two processes):
//
//     struct segment {  // zeroed, in memory that the processes share
//       weir::barrier::shared::header barrier;
//       std::atomic<int> busy, gate;
//     };
//
//     weir::barrier::shared::member m;
//     if (std::error_code e = m.join(s->barrier)) return e;  // once in each process that maps the segment
//
//     reader, often:                              writer, seldom:
//       s->busy.store(1, relaxed);                  s->gate.store(closed, relaxed);
//       m.light();                                  m.heavy();
//       if (s->gate.load(relaxed) == open) ...      if (s->busy.load(relaxed) == 0) ...
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <system_error>
#include <type_traits>

#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"
#include "weir/barrier/strategy.h"

namespace weir::barrier::shared {

// What all members of a header do.
enum class mode : std::uint32_t {
  fence = 1,      // seq_cst fences on both sides
  expedited = 2,  // light() is a compiler barrier, heavy() is membarrier(2) GLOBAL_EXPEDITED
};

// Stands in the shared memory. Bytes 0-3: 0 until somebody has joined, then magic + mode, for ever; bytes 4-63: zero,
// reserved. A new segment's zero pages are a valid header. Nothing else is kept there: a process that dies leaves
// nothing behind, since the kernel forgets its registration.
struct alignas(64) header {
  static constexpr std::uint32_t magic = 0x57656900;  // "Wei"

  std::atomic<std::uint32_t> state{0};
  std::uint32_t reserved[15]{};
};
static_assert(sizeof(header) == 64 && offsetof(header, state) == 0 && offsetof(header, reserved) == 4);
static_assert(std::is_standard_layout_v<header> && std::atomic<std::uint32_t>::is_always_lock_free);

// One process's part in one header. Copyable; a process may have several of the same header. Before join(), and if it
// failed, light() and heavy() are fences, which is not enough for the other members.
class member {
 public:
  // Registers this process with the kernel and agrees with the other members on a mode. The first to join decides:
  // expedited, unless `at_most` or this system says fence. Later ones must be able to do the same.
  // Errors: not_supported (the members use the kernel's barrier, which this process is refused: a filter of system
  // calls, probably); protocol_error (the bytes are not a header). On error nothing has changed.
  // Call it before the first access to what the barrier protects, again in a new program after exec(); a child after
  // fork() has joined as its parent had. Thread-safe: yes. Signal-safe: no. Costs milliseconds in a process with
  // threads.
  [[nodiscard]] std::error_code join(header& h, mode at_most = mode::expedited) noexcept;

  // As weir::barrier::light(). It goes by what join() found, not by the header: whoever can write to the segment cannot
  // weaken it.
  WEIR_INLINE void light() const noexcept {
    // [shared-light] A compiler barrier only after this process was registered, and then every member's heavy() is the
    // kernel's, which reaches this process. Pairs with [shared-heavy].
    if (mode_ == mode::expedited) [[likely]] {
      std::atomic_signal_fence(std::memory_order_seq_cst);
    } else if (!mutation::removed<"shared-light">()) {
      std::atomic_thread_fence(std::memory_order_seq_cst);
    }
  }

  // As weir::barrier::heavy(); aborts with one line if the kernel refuses what it had granted.
  void heavy() const noexcept;

  [[nodiscard]] mode how() const noexcept { return mode_; }

  // In words: the mode, and why it is not the better one. Lives as long as the member.
  [[nodiscard]] const char* describe() const noexcept { return why_.why(); }

 private:
  mode mode_ = mode::fence;
  detail::verdict why_ = detail::verdict::no("not joined");
};

}  // namespace weir::barrier::shared

namespace weir::barrier::detail {

// The system's barrier across processes. Internal. One file per system: shared_<system>.cc.
[[nodiscard]] verdict install_shared() noexcept;
void heavy_shared() noexcept;

}  // namespace weir::barrier::detail
