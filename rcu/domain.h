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

#include <cstdint>

#include "weir/barrier/barrier.h"
#include "weir/barrier/fail.h"
#include "weir/barrier/forever.h"
#include "weir/barrier/per_thread.h"
#include "weir/rcu/grace.h"
#include "weir/rcu/record.h"
#include "weir/rcu/strangers.h"

namespace weir::rcu {

class domain;

namespace detail {

// The record of a thread that has none (yet), or whose every section must go the slow way: try_enter() and try_leave()
// refuse it. Never written.
extern constinit record absent;

// The records of a domain. Never given back to the system: one that is gone leaves it to the next.
struct table {
  barrier::thread::per_thread<record> records;
  table* next = nullptr;  // of those that nobody uses, under the lock of the list
};

// This thread's record in the default domain, and in the other one that it has used last. One word each, since a signal
// handler may change it; the record says whose it is.
extern constinit thread_local weir::atomic<record*> own_default WEIR_TLS_FAST;
extern constinit thread_local weir::atomic<record*> own_other WEIR_TLS_FAST;

}  // namespace detail

// A grace period that was asked for: see domain::start_poll().
class grace_period {
 public:
  grace_period() noexcept = default;  // one that has ended

 private:
  friend class domain;
  explicit grace_period(detail::period n) noexcept : number_(n) {}
  detail::period number_ = 0;
};

class domain {
 public:
  constexpr domain() noexcept = default;
  // Every unlock() must have returned.
  ~domain();
  domain(const domain&) = delete;
  domain& operator=(const domain&) = delete;

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

  // Waits until every section that is open now has ended. Not from a section of this domain.
  // Thread-safe: yes. Signal-safe: no. Blocks: as long as such a section is open. Concurrent calls share periods.
  void synchronize() noexcept;

  // The same without waiting: start_poll(), and later poll() says whether all those sections have ended. Each call of
  // poll() works on the period without waiting for anybody. Thread-safe: yes. Signal-safe: no.
  [[nodiscard]] grace_period start_poll() noexcept;
  [[nodiscard]] bool poll(grace_period p) noexcept;
  void synchronize(grace_period p) noexcept;

 private:
  friend class reader;
  friend struct room_of_domains;
  struct view;

  [[nodiscard]] WEIR_INLINE detail::record& own() const noexcept;
  WEIR_INLINE void enter(detail::record& mine) noexcept;
  WEIR_INLINE void leave(detail::record& mine) noexcept;
  void enter_slowly() noexcept;
  void leave_slowly() noexcept;
  [[nodiscard]] detail::record* find(barrier::thread::index i) const noexcept;
  [[nodiscard]] detail::record* find_own() const noexcept;
  [[nodiscard]] detail::record* make_own() noexcept;
  [[nodiscard]] detail::table* make_table() noexcept;
  void join_list() noexcept;
  [[nodiscard]] bool inside() const noexcept;

  detail::grace_periods periods_;
  weir::atomic<detail::table*> table_{nullptr};  // null: nobody has come in yet, or memory has run out
  detail::strangers strangers_;
  domain* next_ = nullptr;  // under the lock of the list
  // Given when the domain enters the list, never again to another; 0 before.
  weir::atomic<std::uint64_t> number_{0};
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

WEIR_INLINE detail::record& domain::own() const noexcept {
  // Relaxed, all of these: our own, and a domain's number that we have seen given.
  if (this == &detail::the_default_domain.value) return *detail::own_default.load(std::memory_order_relaxed);
  // Records are never given back to the system, so one of a domain that is gone may be looked at.
  detail::record* const last = detail::own_other.load(std::memory_order_relaxed);
  const bool ours = last->domain.load(std::memory_order_relaxed) == number_.load(std::memory_order_relaxed);
  return ours ? *last : detail::absent;
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
