// Which states have been seen. Internal to explore.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::nt::explorer {

// Open addressing. Small while it can be, so that it stays in the processor's caches.
class visited {
 public:
  visited() { clear(); }
  bool insert(std::uint64_t h) {
    if (2 * ++entries_ > table_.size()) grow();
    const bool is_new = put(h);
    entries_ -= is_new ? 0 : 1;
    return is_new;
  }
  void prefetch(std::uint64_t h) const { __builtin_prefetch(&table_[h & (table_.size() - 1)], 1); }
  void clear() {
    table_.assign(std::size_t{1} << 12, 0);
    entries_ = 0;
  }
  [[nodiscard]] std::uint64_t size() const { return entries_; }

 private:
  bool put(std::uint64_t h) {
    const std::size_t mask = table_.size() - 1;
    std::size_t i = h & mask;
    for (; table_[i] != 0; i = (i + 1) & mask) {
      if (table_[i] == h) return false;
    }
    table_[i] = h;
    return true;
  }
  void grow() {
    std::vector<std::uint64_t> old(4 * table_.size());
    old.swap(table_);
    for (const std::uint64_t h : old) {
      if (h != 0) put(h);
    }
  }

  std::vector<std::uint64_t> table_;
  std::uint64_t entries_ = 0;
};

}  // namespace weir::nt::explorer
