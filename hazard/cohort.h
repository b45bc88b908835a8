// Objects of one container, which are reclaimed before the container is gone.
//
// Example (tests/hazard/example_test.cc compiles it):
//
//     class stack {
//       weir::hazard::cohort nodes_;   // the last member that is destroyed
//       std::atomic<node*> head_;
//       void pop() { ... old->retire(nodes_); }
//     };
//
// When not to use it: for objects that may be reclaimed at any time later, a domain is cheaper (no read-modify-write
// for each object).
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/barrier/arrivals.h"
#include "weir/barrier/atomic.h"
#include "weir/hazard/link.h"

namespace weir::hazard {

class cohort {
 public:
  // `threshold`: so many objects come together before retire() looks which of them can be reclaimed. T threads that
  // retire leave at most T * (threshold + T) objects unreclaimed, and one for each hazard pointer in use: or two, while
  // a thread that looks is held up.
  constexpr explicit cohort(std::size_t threshold = 1024) noexcept : threshold_(threshold) {}

  // Reclaims all that is left, on the calling thread, in the order in which it was retired, but that what was protected
  // when it was looked at before may come later. No hazard pointer may protect any of it; every retire() must have
  // returned. In a child after fork() what other threads were looking through is not reclaimed.
  ~cohort();
  cohort(const cohort&) = delete;
  cohort& operator=(const cohort&) = delete;

  // For obj_base: see retire.h. Thread-safe: yes. Signal-safe: no. Blocks, fails: never; needs no memory.
  void retire_linked(detail::link* l) noexcept;

  // Objects that are retired and not reclaimed. Right for some moment of the call. Thread-safe: yes.
  [[nodiscard]] std::size_t pending() const noexcept {
    return pending_.load(std::memory_order_relaxed);
  }  // a statistic

 private:
  void look_through() noexcept;

  const std::size_t threshold_;
  weir::detail::arrivals<detail::link> in_;
  weir::atomic<std::size_t> waiting_{0};  // about as many as have come in
  weir::atomic<std::size_t> pending_{0};
};

}  // namespace weir::hazard
