// Apple: a Mach semaphore for each thread that sleeps, from a pool.
#pragma once

#include <cstdint>
#include <system_error>

#include "weir/barrier/atomic.h"
#include "weir/sync/park/deadline.h"
#include "weir/sync/park/parker.h"

namespace weir::park {

// A semaphore is drawn by prepare() and put back by finish(). A signal is counted there, so an unpark() that comes
// before its park() is not lost; and one that is still to come has to be waited for, before the semaphore is another
// thread's.
//
// A semaphore that is destroyed under us (by code that does not own it) wakes nobody any more: the thread then looks at
// its word every millisecond until its wait is over, and draws another one for the next.
//
//     name_       the semaphore between prepare() and finish(); else 0. Written by the owner; unpark() reads it,
//                 ordered by the word (parker.h) and, for the owner's next store, by the signal it has sent, or
//                 [signal-sent]
//     consumed_   the signal of this wait has come. The owner's
//     gone_       the semaphore is none any more. The owner's
//     sent_       how many unpark() have ended
//     awaited_    how many finish() was told of. The owner's
class semaphore {
 public:
  static constexpr const char* name = "semaphore";

  semaphore() noexcept = default;
  semaphore(const semaphore&) = delete;
  semaphore& operator=(const semaphore&) = delete;

  [[nodiscard]] bool prepare() noexcept;
  [[nodiscard]] bool park(weir::atomic<std::uint32_t>& word, std::uint32_t expected, const deadline& until) noexcept;
  void unpark(weir::atomic<std::uint32_t>& word) noexcept;
  void finish(bool unparked) noexcept;

  // Why the last prepare() has failed: resource_unavailable_try_again (no memory, or no port, for a semaphore).
  [[nodiscard]] std::error_code failure() const noexcept;

 private:
  void await_signal() noexcept;

  std::uint32_t name_ = 0;
  std::uint32_t awaited_ = 0;
  weir::atomic<std::uint32_t> sent_{0};
  bool consumed_ = false;
  bool gone_ = false;
  bool refused_ = false;
};

static_assert(parker<semaphore>);

}  // namespace weir::park
