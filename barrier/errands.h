// Work that is given to an executor: whether there is some that has not begun yet, and some that is not over.
//
// Internal to Weir's rooms; the model checker runs it (tests/model/doorbell_model.cc).
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"

namespace weir::detail {

// Work that is given to an executor, one piece at a time that has not been taken up.
//
//     scheduled    1: some was given away and has not been taken up. Who sets it gives it away
//     given_away   how many pieces were, and are not over
class errands {
 public:
  // Whether work is to be given away now. What the caller has for it is there, by a seq_cst operation.
  [[nodiscard]] bool schedule() noexcept {
    // [schedule] Seq_cst, as [push] and [idle]: either the work to come sees what the caller has pushed, or it has been
    // taken up, and more is to be given away.
    if (scheduled_.load(mutation::order<"schedule">(std::memory_order_seq_cst)) != 0) return false;
    if (scheduled_.exchange(1, std::memory_order_seq_cst) != 0) return false;  // [schedule]
    given_away_.fetch_add(1, std::memory_order_relaxed);                       // counted before it is given
    return true;
  }
  void refused() noexcept {
    given_away_.fetch_sub(1, std::memory_order_release);  // [over]
    scheduled_.store(0, std::memory_order_seq_cst);       // [schedule]
  }

  // The work: before it looks what there is, and as the last that it does with the domain.
  void taken_up() noexcept {
    scheduled_.store(0, mutation::order<"taken-up">(std::memory_order_seq_cst));  // [schedule]
  }
  void over() noexcept {
    given_away_.fetch_sub(1, mutation::order<"over">(std::memory_order_release));  // [over]
  }

  // Whether all is over that was given away, and with it what it has done.
  [[nodiscard]] bool none() const noexcept {
    return given_away_.load(mutation::order<"over-seen">(std::memory_order_acquire)) == 0;  // [over]
  }

  // One thread is left, which runs so many pieces of it.
  void reset(std::uint32_t running) noexcept {
    scheduled_.store(0, std::memory_order_relaxed);         // one thread
    given_away_.store(running, std::memory_order_relaxed);  // likewise
  }

 private:
  weir::atomic<std::uint32_t> scheduled_{0};
  weir::atomic<std::uint32_t> given_away_{0};
};

}  // namespace weir::detail
