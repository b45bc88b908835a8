// The smallest wait protocol that needs a parker: one thread waits for one event, others wake it. The time-out and the
// wakers compete for one word.
#pragma once

#include <atomic>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/sync/park/deadline.h"
#include "weir/sync/park/parker.h"

namespace weir::test {

enum class woken { done, timed_out, refused };

//     word   idle, pending, done, timed_out; and parked beside pending (only the owner puts that in)
template <park::parker P>
class sleeper {
 public:
  static constexpr std::uint32_t idle = 0, pending = 1, done = 2, timed_out = 3, parked = 8;

  // The owner: from here on it can be woken.
  void begin() noexcept { word_.store(pending, std::memory_order_relaxed); }  // published by the caller

  // The owner, after begin(): waits.
  woken wait(const park::deadline& until) noexcept {
    if (!parker_.prepare()) return cancel() ? woken::refused : woken::done;
    std::uint32_t now = pending;
    // Release: what prepare() has set up, for unpark(). Acquire: what was before the wake.
    bool mine =
        word_.compare_exchange_strong(now, pending | parked, std::memory_order_acq_rel, std::memory_order_acquire);
    const bool was_parked = mine;
    bool late = false;
    for (now = mine ? pending | parked : now; now == (pending | parked);) {
      if (!late) {
        late = !parker_.park(word_, now, until);
        ++looks_;
        now = word_.load(std::memory_order_acquire);
      } else if (word_.compare_exchange_strong(now, timed_out, std::memory_order_acquire, std::memory_order_acquire)) {
        now = timed_out;
      }
    }
    parker_.finish(was_parked && now == done);
    return now == done ? woken::done : woken::timed_out;
  }

  // Anybody: whether this call is the one that ends the wait.
  bool wake() noexcept {
    std::uint32_t now = word_.load(std::memory_order_relaxed);
    do {
      if ((now & ~parked) != pending) return false;
    } while (!word_.compare_exchange_weak(now, done, std::memory_order_acq_rel, std::memory_order_relaxed));
    if ((now & parked) != 0) parker_.unpark(word_);
    return true;
  }

  // Whether it is in park(), or about to.
  [[nodiscard]] bool is_parked() const noexcept {
    return word_.load(std::memory_order_relaxed) == (pending | parked);  // a look
  }

  // How often park() has returned. The owner's.
  [[nodiscard]] unsigned looks() const noexcept { return looks_; }
  // Why the last wait was refused. The owner's.
  [[nodiscard]] std::error_code failure() const noexcept { return parker_.failure(); }
  P& parker() noexcept { return parker_; }

 private:
  bool cancel() noexcept {
    std::uint32_t now = pending;
    return word_.compare_exchange_strong(now, timed_out, std::memory_order_acquire, std::memory_order_acquire);
  }

  weir::atomic<std::uint32_t> word_{idle};
  P parker_;
  unsigned looks_ = 0;
};

}  // namespace weir::test
