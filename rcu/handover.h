// Who has the entries of a segment: its owner, who appends, or somebody who takes them away.
//
// Internal; apart from the segment, so that the model checker runs it (tests/model/handover_model.cc). README.md has
// the proof.
//
//     count   entries that the owner has written. Written by the owner; they are never changed again
//     state   open     the owner appends; anybody may seize it
//             seized   somebody takes away entries that are there already; the owner may go on appending, and may close
//             closed   no more entries. By the owner, once. Who changes open to closed has the segment; who closes it
//                      while it is seized leaves it to who has seized it
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"

namespace weir::rcu::detail {

class handover {
 public:
  // The owner: entries written before; nobody else writes this.
  [[nodiscard]] WEIR_INLINE std::uint32_t written() const noexcept {
    return count_.load(std::memory_order_relaxed);  // our own
  }
  WEIR_INLINE void append(std::uint32_t count) noexcept {
    // [bag-append] Release: the entry is written, and what its retirer did before is done. Pairs with [bag-seen].
    count_.store(count, mutation::order<"bag-append">(std::memory_order_release));
  }

  // The owner will append no more. True: the segment is the caller's. False: it is left to who has seized it.
  [[nodiscard]] bool close() noexcept {
    // [bag-close] Release: the entries go with it. Acquire: what somebody has taken away is taken. Pairs with
    // [bag-release], whichever comes second.
    return state_.exchange(closed, mutation::order<"bag-close">(std::memory_order_acq_rel)) == open;
  }

  // Somebody else: to take away entries. False: it is seized, or closed.
  [[nodiscard]] bool seize() noexcept {
    std::uint32_t expected = open;
    // [bag-seize] Acquire: what was taken away before is known. Pairs with [bag-release].
    return state_.compare_exchange_strong(expected, seized, mutation::order<"bag-seize">(std::memory_order_acquire),
                                          std::memory_order_relaxed);
  }

  // Who has seized or got it: the entries that are there.
  [[nodiscard]] std::uint32_t seen() const noexcept {
    // [bag-seen] Pairs with [bag-append].
    return count_.load(mutation::order<"bag-seen">(std::memory_order_acquire));
  }

  // Gives it back to its owner. False: the owner has closed it meanwhile, and it is the caller's.
  [[nodiscard]] bool release() noexcept {
    std::uint32_t expected = seized;
    // [bag-release] Release: what was taken away is taken. Acquire, where the owner has closed it: its entries come
    // with it. Pairs with [bag-close] and [bag-seize].
    return state_.compare_exchange_strong(expected, open, mutation::order<"bag-release">(std::memory_order_acq_rel),
                                          mutation::order<"bag-release">(std::memory_order_acquire));
  }

  // For the next owner, by who has it alone.
  void reset() noexcept {
    count_.store(0, std::memory_order_relaxed);     // handed on with the segment
    state_.store(open, std::memory_order_relaxed);  // likewise
  }

 private:
  static constexpr std::uint32_t open = 0;
  static constexpr std::uint32_t seized = 1;
  static constexpr std::uint32_t closed = 2;

  weir::atomic<std::uint32_t> count_{0};
  weir::atomic<std::uint32_t> state_{open};
};

}  // namespace weir::rcu::detail
