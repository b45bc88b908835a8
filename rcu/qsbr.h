// RCU for threads that say when they hold nothing: quiescent-state-based reclamation. Reading costs nothing at all.
//
// Contract. A thread is online from online() to offline(). While it is online, it may hold pointers; at quiescent() it
// holds none. synchronize() returns when every thread that was online when it was called has been quiescent, or
// offline, since.
//
// When to use it: threads that loop, and have a place in the loop where they hold nothing: event loops, workers. When
// not: a library that cannot know such a place in its callers (rcu::domain), or threads that block while online: they
// hold up every writer.
//
// Example (tests/rcu/example_test.cc compiles it):
//
//     weir::rcu::qsbr_domain d;                    // one for the structure, static
//     worker:  d.online();
//              while (next_job()) { use(*current.load(std::memory_order_acquire)); d.quiescent(); }
//              d.offline();
//     writer:  old = current.exchange(made, std::memory_order_acq_rel); d.synchronize(); delete old;
#pragma once

#include "weir/rcu/domain.h"

namespace weir::rcu {

// synchronize(grace_period), polling, try_retire(), barrier(), poll_ready() and stats() are inherited, and documented
// in base.h; a thread's section there is the time while it is online.
class qsbr_domain : public domain_base {
 public:
  constexpr explicit qsbr_domain(const options& o = {}) noexcept : domain_base(o, true) {}
  // Every thread must be offline. What has been retired is reclaimed before it returns.
  ~qsbr_domain() = default;

  // The calling thread may hold pointers from now on. Not nested. The first one of a thread registers it: as
  // domain::lock(). Thread-safe: yes. Signal-safe: no.
  void online() noexcept;
  // It holds none any more. A thread that ends is offline.
  void offline() noexcept;
  [[nodiscard]] bool is_online() const noexcept { return inside(); }

  // It holds none at this moment. Only while online. Cost: a load or two where no grace period has begun since.
  // Thread-safe: yes. Signal-safe: yes, where the thread was interrupted at a place at which it holds nothing.
  WEIR_INLINE void quiescent() noexcept;

  // As inherited. An online caller is quiescent meanwhile: it must hold nothing.
  void synchronize() noexcept;
  void synchronize(grace_period p) noexcept;
  void barrier() noexcept;

 private:
  void quiescent_slowly() noexcept;
  struct away;
};

WEIR_INLINE void qsbr_domain::quiescent() noexcept {
  detail::record& mine = own();
  WEIR_ASSERT(mine.entered.load(std::memory_order_relaxed) != detail::outside,  // our own
              "quiescent() of a quiescent-state domain by a thread that is not online");
  if (!detail::try_refresh(mine, periods_.newest(), [] { barrier::per_form::light_if_asymmetric(); })) [[unlikely]] {
    quiescent_slowly();
  }
}

}  // namespace weir::rcu
