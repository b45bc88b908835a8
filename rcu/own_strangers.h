// Of which domains a thread is inside as a stranger, and how often. Internal; one for each thread.
#pragma once

#include <cstdint>

#include "weir/barrier/fail.h"

namespace weir::rcu {

class domain_base;

namespace detail {

class own_strangers {
 public:
  void enter(const domain_base* d) noexcept {
    place* free = nullptr;
    for (place& p : places_) {
      if (p.count != 0 && p.d == d) {
        ++p.count;
        return;
      }
      if (p.count == 0 && free == nullptr) free = &p;
    }
    if (free == nullptr) {
      weir::detail::die("a thread for whose records there is no memory is inside sections of more than %d RCU domains",
                        most);
    }
    *free = {d, 1};
    ++domains_;
  }

  // False: it is not inside there.
  bool leave(const domain_base* d) noexcept {
    for (place& p : places_) {
      if (p.count == 0 || p.d != d) continue;
      if (--p.count == 0) --domains_;
      return true;
    }
    return false;
  }

  [[nodiscard]] unsigned count(const domain_base* d) const noexcept {
    for (const place& p : places_) {
      if (p.count != 0 && p.d == d) return p.count;
    }
    return 0;
  }
  [[nodiscard]] bool any() const noexcept { return domains_ != 0; }

 private:
  static constexpr int most = 16;
  struct place {
    const domain_base* d = nullptr;
    unsigned count = 0;
  };
  place places_[most]{};
  int domains_ = 0;
};

}  // namespace detail
}  // namespace weir::rcu
