// Windows: std::atomic, but for wait() and notify_one(), notify_all(). Internal to atomic.h.
//
// Those of GCC 12's library lose wakes where there is no futex: it looks at the value, and goes to sleep, without being
// under the lock of who wakes; and one wake may reach somebody who waits for another object. Here nobody is between the
// look and the sleep when he is woken, and all are woken who may be meant.
#pragma once

#include <atomic>

namespace weir {

namespace detail {

// Sleeps while `is_old(word, old)`, which is asked under the lock that wake_all_at() takes.
void sleep_while(bool (*is_old)(const void* word, const void* old), const void* word, const void* old) noexcept;
// Whoever sleeps for this word. What has been done to it before is known to them.
void wake_all_at(const void* word) noexcept;

}  // namespace detail

template <class T>
class atomic : public std::atomic<T> {
 public:
  using std::atomic<T>::atomic;
  constexpr atomic() noexcept = default;
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;
  using std::atomic<T>::operator=;

  // Until the value, read with this order, is another one.
  void wait(T old, std::memory_order order) const noexcept {
    const auto is_old = [](const void* word, const void* was) {
      return static_cast<const atomic*>(word)->load(std::memory_order_relaxed) == *static_cast<const T*>(was);
    };
    while (this->load(order) == old) detail::sleep_while(is_old, this, &old);
  }
  void notify_one() noexcept { detail::wake_all_at(this); }
  void notify_all() noexcept { detail::wake_all_at(this); }
};

}  // namespace weir
