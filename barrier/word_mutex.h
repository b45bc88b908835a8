// A mutex of one word: for data that is locked for a few hundred instructions, and of which there are thousands, since
// a fork() takes them all (ThreadSanitizer knows of 64 mutexes at most that a thread has at once). Internal.
//
//     word   0: free. 1: taken. 2: taken, and somebody may be waiting
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"

namespace weir::detail {

class word_mutex {
 public:
  void lock() noexcept {
    std::uint32_t was = 0;
    // [word-lock] Acquire: what was done under the lock before. Pairs with [word-unlock].
    if (word_.compare_exchange_strong(was, 1, mutation::order<"word-lock">(std::memory_order_acquire),
                                      std::memory_order_relaxed)) {
      return;
    }
    while (word_.exchange(2, mutation::order<"word-lock">(std::memory_order_acquire)) != 0) {  // [word-lock]
      word_.wait(2, std::memory_order_relaxed);  // looked at again, with acquire
    }
  }

  [[nodiscard]] bool try_lock() noexcept {
    std::uint32_t was = 0;
    return word_.compare_exchange_strong(was, 1, std::memory_order_acquire, std::memory_order_relaxed);  // [word-lock]
  }

  void unlock() noexcept {
    // [word-unlock] Release: what was done under the lock. Pairs with [word-lock]. Seq_cst: notify_one() only loads the
    // number of waiters, and must not do so before the change is visible.
    const bool somebody_waits = word_.exchange(0, mutation::order<"word-unlock">(std::memory_order_seq_cst)) == 2;
    if (somebody_waits) word_.notify_one();
  }

 private:
  weir::atomic<std::uint32_t> word_{0};
};

}  // namespace weir::detail
