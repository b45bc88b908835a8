#include "weir/sync/nt/handle_table.h"

#include <mutex>
#include <new>

namespace weir::nt::detail {

handle_table::~handle_table() {
  for (const auto& leaf : leaves_) delete[] leaf.load(std::memory_order_relaxed);  // nobody uses it any more
}

// Under the lock. Null: out of memory.
handle_slot* handle_table::place(std::uint32_t i) noexcept {
  auto& leaf = leaves_[i >> leaf_bits];
  handle_slot* found = leaf.load(std::memory_order_relaxed);  // stored under the lock
  if (found == nullptr) {
    found = new (std::nothrow) handle_slot[leaf_size];
    if (found == nullptr) return nullptr;
    // [handle-leaf] Release: they are constructed.
    leaf.store(found, std::memory_order_release);
  }
  return &found[i & (leaf_size - 1)];
}

handle_value handle_table::reserve() noexcept {
  const std::lock_guard hold(lock_.value);
  std::uint32_t i = free_;
  if (i != 0) {
    free_ = at(i).kept().next();
  } else {
    i = next_;
    if (i == limit || place(i) == nullptr) return 0;
    ++next_;
  }
  ++count_;
  return handle_value{i} << 2;
}

void handle_table::give_back(std::uint32_t i, handle_slot& s, entry was, bool retired) noexcept {
  const std::lock_guard hold(lock_.value);
  if (retired) {
    s.keep(entry::empty(free_, entry()));
    free_ = i;
    --count_;
  } else {
    s.keep(entry::empty(limbo_.load(std::memory_order_relaxed), was));  // under the lock, this and the next
    limbo_.store(i, std::memory_order_relaxed);
  }
}

std::uint32_t handle_table::take_limbo() noexcept {
  const std::lock_guard hold(lock_.value);
  const std::uint32_t i = limbo_.load(std::memory_order_relaxed);  // under the lock, this and the next
  if (i != 0) limbo_.store(at(i).kept().next(), std::memory_order_relaxed);
  return i;
}

bool handle_table::set_attributes(handle_value h, bool inherit, bool is_protected) noexcept {
  handle_slot* const s = find(h);
  if (s == nullptr) return false;
  for (;;) {
    const entry is = s->look();
    if (!is.is_any()) return false;
    if (s->change(is, is.with(is.access(), inherit, is_protected))) return true;
  }
}

}  // namespace weir::nt::detail
