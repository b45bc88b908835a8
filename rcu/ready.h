// Retired objects whose grace period has ended, handed to who runs them: domain_base::poll_ready().
//
// Example (tests/rcu/example_test.cc compiles it): a loop of events that reclaims between two of them
//
//     for (weir::rcu::ready some = d.poll_ready(); !some.empty();) {
//       const weir::rcu::retired one = some.pop();
//       one.run(one.object);
//     }
#pragma once

#include <cstddef>
#include <utility>

#include "weir/rcu/base.h"

namespace weir::rcu {

// Some of them: a few hundred at most; there may be more after these. barrier() waits until they are popped and this
// object is gone. On one thread; the domain must outlive it.
class [[nodiscard]] ready {
 public:
  ready(ready&& other) noexcept : domain_(other.domain_), segment_(std::exchange(other.segment_, nullptr)) {}
  ready& operator=(ready&&) = delete;
  ~ready();  // gives back what was not popped

  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::size_t size() const noexcept;

  // The next one, in the order in which one thread has retired them; it is the caller's to run now. Not if empty().
  [[nodiscard]] retired pop() noexcept;

 private:
  friend class domain_base;
  ready(domain_base& d, detail::segment* s) noexcept : domain_(&d), segment_(s) {}

  domain_base* domain_;
  detail::segment* segment_;
};

}  // namespace weir::rcu
