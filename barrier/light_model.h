// light() and heavy() under the model checker Relacy: the contract as C++ operations, no stricter than it.
//
// Internal; included by barrier.h in a build with WEIR_BARRIER_MODEL (a dependency on //barrier:model). The guide is
// docs/barrier.md, "Checking your own structure".
//
// Each thread has a word. light() is a read-modify-write of the caller's own; heavy() is a fence, a read-modify-write
// of every thread's word, a fence. Read-modify-writes of one word are totally ordered, so each light() and each heavy()
// are ordered one way or the other, as are two heavy()s; two light()s share no word and stay unordered, as the contract
// has it. Fences on both sides would order them, and so hide code that relies on light/light.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/form.h"
#include "weir/barrier/mutation.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace model {

// The barriers of one simulated process: a member of the test suite, constructed anew for each execution. While it
// lives, light(), heavy() and full() are its own.
class process {
 public:
  static constexpr std::size_t max_threads = 8;

  // `threads`: how many take part, at most max_threads; Relacy's thread numbers 0 to threads - 1.
  explicit process(std::size_t threads) : threads_(threads), outer_(current) {
    RL_VERIFY(threads <= max_threads);
    current = this;
  }
  ~process() { current = outer_; }
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  void light() {
    // [light] Pairs with [heavy] below; nothing else writes this word.
    word_[rl::thread_index()].fetch_add(1, std::memory_order_acq_rel);
  }

  void heavy() {
    // [heavy] Pairs with [light].
    weir::atomic_thread_fence(std::memory_order_seq_cst);
    for (std::size_t i = 0; i < threads_; ++i) word_[i].fetch_add(1, std::memory_order_acq_rel);
    weir::atomic_thread_fence(std::memory_order_seq_cst);
  }

  static inline process* current = nullptr;

 private:
  std::size_t threads_;
  process* outer_;
  weir::atomic<std::uint32_t> word_[max_threads];
};

}  // namespace model

inline void light() {
  if (!mutation::removed<"light">()) model::process::current->light();
}

inline void heavy() {
  if (!mutation::removed<"heavy">()) model::process::current->heavy();
}

}  // namespace WEIR_FORM
}  // namespace weir::barrier
