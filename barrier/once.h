// A value made once, by the first thread that asks; who asks meanwhile waits.
//
// Internal; apart from barrier.cc, so that the model checker runs it (tests/model/once_model.cc). Not std::call_once
// and no local static object: it is constant-initialized, costs one load when made, and fork() can wait for its end.
#pragma once

#include <cstdint>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/port.h"

namespace weir::barrier::detail {

template <class T>
class once {
 public:
  // The value. Where it is not made yet: `prepare()` is called by each thread that finds it so, before anybody can
  // wait; then `make(T&)` fills it in, on one thread.
  template <class Prepare, class Make>
  [[nodiscard]] const T& get(Prepare prepare, Make make) {
    T* v = made_.load(mutation::order<"chosen">(std::memory_order_acquire));  // [chosen] Pairs with [choice].
    if (v == nullptr) [[unlikely]] {
      prepare();
      v = wait_or_make(make);
    }
    return *v;
  }

 private:
  template <class Make>
  WEIR_COLD T* wait_or_make(Make& make) {
    // [making] Acquire: one thread at a time, and each sees what the last has done. Pairs with [made].
    while (making_.exchange(1, mutation::order<"making">(std::memory_order_acquire)) != 0) {
      making_.wait(1, std::memory_order_relaxed);  // read again above, with acquire
    }
    if (made_.load(std::memory_order_relaxed) == nullptr) {  // current: [making]
      make(value_);
      // [choice] Release: the value is complete. Pairs with [chosen].
      made_.store(&value_, mutation::order<"choice">(std::memory_order_release));
    }
    // [made] Release for [making]; seq_cst, and a read-modify-write, because notify_all() only loads the number of
    // waiters and must not do so before the 0 is visible: a waiter that it does not count sees the 0.
    making_.exchange(0, mutation::order<"made">(std::memory_order_seq_cst));
    making_.notify_all();
    return &value_;
  }

  weir::atomic<T*> made_{nullptr};         // null until the value is complete
  weir::atomic<std::uint32_t> making_{0};  // 1 while a thread makes it
  T value_{};
};

}  // namespace weir::barrier::detail
