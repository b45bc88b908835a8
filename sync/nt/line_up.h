// Threads that block for each other at something that is no object: a list of them under a lock, for all that has the
// same hash. Internal; of keyed events and address waits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "weir/barrier/word_mutex.h"
#include "weir/sync/nt/segment.h"

namespace weir::nt::detail {

// On the stack of the thread that blocks. Guarded by the list's lock, but for what is constant.
struct waiter {
  std::uintptr_t key;   // constant, and so is the next
  std::uint64_t scope;  // what makes keys differ
  native_cell* met;     // the thread's event, set by who takes it out of the list: its last touch
  waiter* next = nullptr;
  waiter* prior = nullptr;
  bool linked = false;
};

// Oldest first.
class alignas(64) waiters {
 public:
  void lock() noexcept { lock_.lock(); }
  void unlock() noexcept { lock_.unlock(); }

  void append(waiter& w) noexcept {
    w.linked = true;
    w.next = nullptr;
    w.prior = last_;
    (last_ != nullptr ? last_->next : first_) = &w;
    last_ = &w;
  }
  void remove(waiter& w) noexcept {
    (w.prior != nullptr ? w.prior->next : first_) = w.next;
    (w.next != nullptr ? w.next->prior : last_) = w.prior;
    w.linked = false;
  }
  [[nodiscard]] waiter* find(std::uintptr_t key, std::uint64_t scope) const noexcept {
    for (waiter* w = first_; w != nullptr; w = w->next) {
      if (w->key == key && w->scope == scope) return w;
    }
    return nullptr;
  }

  // In a child of fork(): those who stand in it, on stacks of threads, are not there.
  void forget() noexcept { first_ = last_ = nullptr; }

 private:
  weir::detail::word_mutex lock_;
  waiter* first_ = nullptr;
  waiter* last_ = nullptr;
};

class waiters_by_key {
 public:
  [[nodiscard]] waiters& of(std::uintptr_t key, std::uint64_t scope) noexcept {
    std::uint64_t h = (std::uint64_t{key} ^ scope * 0x9e3779b97f4a7c15) * 0xff51afd7ed558ccd;
    h ^= h >> 32;
    return lists_[h % lists_.size()];
  }

  // Around fork(): no other thread has one of them in hand then, and nobody else has two.
  void lock_for_fork() noexcept {
    for (waiters& list : lists_) list.lock();
  }
  void unlock_after_fork() noexcept {
    for (waiters& list : lists_) list.unlock();
  }
  void forget() noexcept {
    for (waiters& list : lists_) list.forget();
  }

 private:
  std::array<waiters, 64> lists_{};
};

}  // namespace weir::nt::detail
