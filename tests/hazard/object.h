// An object that knows whether it is alive, and counts how often it was reclaimed.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "weir/hazard/retire.h"

namespace weir::test {

struct object;
struct reclaim_object {
  void operator()(object* o) const noexcept;
};

struct object : weir::hazard::obj_base<object, reclaim_object> {
  std::atomic<int> runs{0};

  [[nodiscard]] bool reclaimed() const { return runs.load(std::memory_order_acquire) != 0; }
};

inline void reclaim_object::operator()(object* o) const noexcept { o->runs.fetch_add(1, std::memory_order_release); }

// How many of them were not reclaimed exactly once.
inline int not_once(const std::vector<object>& all) {
  int wrong = 0;
  for (const object& o : all) wrong += o.runs.load(std::memory_order_acquire) == 1 ? 0 : 1;
  return wrong;
}

inline int reclaimed(const std::vector<object>& all) {
  int n = 0;
  for (const object& o : all) n += o.reclaimed() ? 1 : 0;
  return n;
}

}  // namespace weir::test
