// Read-copy-update: readers that cost nothing, and writers that wait until everybody who might still read is done.
//
// Contract. A section is what a thread does between lock() and unlock(), or while a reader lives. synchronize() returns
// when every section that was open when it was called has ended: what was unlinked before the call can be seen by no
// section that is open afterwards. All that sections which ended before did happens before its return.
//
// When to use it: data that is read all the time and seldom replaced. When not: where a reader may take long (memory
// grows meanwhile: hazard pointers bound it), or where writers are as frequent as readers (a mutex).
//
// Example (tests/rcu/example_test.cc compiles it):
//
//     std::atomic<config*> current;
//     reader, often:                                   writer, seldom (one at a time):
//       weir::rcu::reader r;                             config* old = current.exchange(made, acq_rel);
//       use(*current.load(acquire));                     weir::rcu::default_domain().synchronize();
//                                                        delete old;
#pragma once

#include <cstddef>

#include "weir/barrier/barrier.h"
#include "weir/barrier/fail.h"
#include "weir/barrier/forever.h"
#include "weir/rcu/base.h"
#include "weir/rcu/record.h"

namespace weir::rcu {

// synchronize(), polling, try_retire(), barrier(), poll_ready() and stats() are inherited, and documented in base.h.
class domain : public domain_base {
 public:
  constexpr explicit domain(const options& o = {}) noexcept : domain_base(o, false) {}
  // Every unlock() must have returned. What has been retired is reclaimed before it returns, on the calling thread.
  ~domain() = default;

  // Opens a section. They may be nested, and end in any order. The first one of a thread registers it: then it takes a
  // lock and may allocate; if memory has run out the section is as good, but slower.
  // Thread-safe: yes. Signal-safe: in a thread that has had a section of this domain for which there was memory, but
  // not at its end. Blocks: never. Source: [rcu.rcu].
  WEIR_INLINE void lock() noexcept;
  WEIR_INLINE bool try_lock() noexcept {
    lock();
    return true;
  }
  WEIR_INLINE void unlock() noexcept;

 private:
  friend class reader;

  WEIR_INLINE void enter(detail::record& mine) noexcept;
  WEIR_INLINE void leave(detail::record& mine) noexcept;
  void enter_slowly() noexcept;
  void leave_slowly() noexcept;
};

namespace detail {
extern constinit weir::detail::forever<domain> the_default_domain;
}

// The domain that is meant where none is named. Lives for ever.
[[nodiscard]] inline domain& default_domain() noexcept { return detail::the_default_domain.value; }

// A section for the life of this object, on the thread that made it.
class [[nodiscard]] reader {
 public:
  WEIR_INLINE explicit reader(domain& d = default_domain()) noexcept : domain_(d), mine_(d.own()) { d.enter(mine_); }
  WEIR_INLINE ~reader() { domain_.leave(mine_); }
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;
  static void* operator new(std::size_t) = delete;
  static void* operator new[](std::size_t) = delete;

 private:
  domain& domain_;
  detail::record& mine_;  // kept, so that it is not looked up again; `absent`, if the section began the slow way
};

WEIR_INLINE bool domain_base::is_default() const noexcept {
  return this == static_cast<const domain_base*>(&detail::the_default_domain.value);
}

WEIR_INLINE detail::record& domain_base::own() const noexcept {
  // Relaxed, all of these: our own, and a domain's number that we have seen given.
  if (is_default()) return *detail::own_default.load(std::memory_order_relaxed);
  // Records are never given back to the system, so one of a domain that is gone may be looked at.
  detail::record* const last = detail::own_other.load(std::memory_order_relaxed);
  const bool ours = last->domain.load(std::memory_order_relaxed) == number_.load(std::memory_order_relaxed);
  return ours ? *last : detail::absent;
}

WEIR_INLINE bool domain_base::try_retire(void* object, void (*reclaim)(void* object)) noexcept {
  detail::segment* const s = own().open.load(std::memory_order_relaxed);  // our own
  if (s != nullptr && s->append({object, reclaim})) [[likely]] {
    return true;
  }
  return retire_slowly({object, reclaim});
}

WEIR_INLINE void domain::enter(detail::record& mine) noexcept {
  // A record is in use here only where the strategy is none of fences: see make_own().
  if (!detail::try_enter(mine, periods_.newest(), [] { barrier::per_form::light_if_asymmetric(); })) [[unlikely]] {
    enter_slowly();
  }
}

WEIR_INLINE void domain::leave(detail::record& mine) noexcept {
  WEIR_ASSERT(mine.entered.load(std::memory_order_relaxed) != detail::outside,  // our own
              "unlock() of an RCU domain without lock()");
  if (!detail::try_leave(mine)) [[unlikely]]
    leave_slowly();
}

WEIR_INLINE void domain::lock() noexcept { enter(own()); }

WEIR_INLINE void domain::unlock() noexcept { leave(own()); }

}  // namespace weir::rcu
