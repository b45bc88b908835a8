// The number of thread numbers that a scan must look at, published so that no thread is missed.
//
// Internal; apart from thread.cc, so that the model checker runs it (tests/model/thread_model.cc).
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"

namespace weir::barrier::detail {

class thread_bound {
 public:
  // A thread has got number `i`. Called by that thread, under the registry's lock, before it does anything that a scan
  // must see or be seen by. It only ever grows.
  void include(std::uint32_t i) noexcept {
    if (bound_.load(std::memory_order_relaxed) <= i) {  // ours to write: under the lock
      // [thread-register] Release for the acquire in scan(): what the number leads to is ready. The fence pairs with
      // the one in the heavy() before a scan: if ours is first, the scan sees the number; if the scan's is first, the
      // thread sees in its future all that was written before that heavy(). No third case. Pairs with [thread-scan].
      bound_.store(i + 1, mutation::order<"thread-register">(std::memory_order_release));
    }
    if (!mutation::removed<"thread-fence">()) weir::atomic_thread_fence(std::memory_order_seq_cst);
  }

  [[nodiscard]] std::uint32_t scan() const noexcept {
    // [thread-scan] Acquire; after a heavy(), whose fence pairs with [thread-register].
    return bound_.load(mutation::order<"thread-scan">(std::memory_order_acquire));
  }

 private:
  weir::atomic<std::uint32_t> bound_{0};
};

}  // namespace weir::barrier::detail
