// A pthread key, made at its first use. Internal to the files of POSIX systems.
//
// No pthread_once(3), and no local static object: see fork_posix.cc.
#pragma once

#include <atomic>
#include <cstdint>
#include <pthread.h>

namespace weir::barrier::detail {

class thread_key {
 public:
  // Sets the calling thread's value; `destroy`, the same at every call, is given it when the thread ends. False: out of
  // memory, or of keys.
  [[nodiscard]] bool set(void (*destroy)(void*), void* value) noexcept {
    std::uintptr_t word = word_.load(std::memory_order_acquire);  // [key-used] Pairs with [key].
    if (word == 0) word = make(destroy);
    return word != 0 && ::pthread_setspecific(static_cast<pthread_key_t>(word - 1), value) == 0;
  }

  // The calling thread's value, or null. Signal-safe: yes, on the systems that use this file (POSIX does not say).
  [[nodiscard]] void* get() const noexcept {
    const std::uintptr_t word = word_.load(std::memory_order_acquire);  // [key-used] Pairs with [key].
    return word == 0 ? nullptr : ::pthread_getspecific(static_cast<pthread_key_t>(word - 1));
  }

 private:
  std::uintptr_t make(void (*destroy)(void*)) noexcept {
    pthread_key_t fresh{};
    if (::pthread_key_create(&fresh, destroy) != 0) return 0;
    std::uintptr_t found = 0;
    const auto word = static_cast<std::uintptr_t>(fresh) + 1;
    // [key] Release: the key is made. Acquire: so is another thread's, which came first. Pairs with [key-used].
    if (word_.compare_exchange_strong(found, word, std::memory_order_acq_rel, std::memory_order_acquire)) return word;
    ::pthread_key_delete(fresh);
    return found;
  }

  std::atomic<std::uintptr_t> word_{0};  // the key and 1, or 0: there is none yet
};

}  // namespace weir::barrier::detail
