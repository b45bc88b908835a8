#include "weir/sync/nt/handle_table.h"

#include <mutex>

namespace weir::nt::detail {

handle_value handle_table::reserve() noexcept {
  const std::lock_guard hold(lock_.value);
  std::uint32_t i = free_;
  if (i != 0) {
    free_ = slots_.at(i).kept().next();
  } else {
    i = next_;
    if (i == limit || !slots_.make(i)) return 0;
    ++next_;
  }
  ++count_;
  return handle_value{i} << 2;
}

void handle_table::give_back(std::uint32_t i, entry was, bool retired) noexcept {
  handle_slot& s = slots_.at(i);
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
  if (i != 0) limbo_.store(slots_.at(i).kept().next(), std::memory_order_relaxed);
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
