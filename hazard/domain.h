// What is retired and must not be reclaimed as long as a hazard pointer protects it.
//
// Contract. An object that is retired is reclaimed, by its deleter, some time after nothing protects it any more that
// had protected it when it was retired. Pointers belong to no domain: each protects what it points to from all of them.
//
// When to use it: where readers may stall, or hold on to objects for long, and memory must be bounded all the same.
// When not: a structure that is traversed over many nodes costs a store for each of them, where a section of RCU costs
// one altogether; and an object must be unlinked before it is retired, so that who looks again does not find it.
//
// Example (tests/hazard/example_test.cc compiles it):
//
//     struct node : weir::hazard::obj_base<node> { ... };
//     std::atomic<node*> head;
//     reader:                                           writer:
//       auto h = weir::hazard::make_pointer();            node* old = head.exchange(made, acq_rel);
//       use(*h.protect(head));                            old->retire();
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "weir/barrier/arrivals.h"
#include "weir/barrier/errands.h"
#include "weir/barrier/fail.h"
#include "weir/barrier/forever.h"
#include "weir/barrier/per_thread.h"
#include "weir/hazard/bag.h"
#include "weir/hazard/link.h"
#include "weir/hazard/options.h"
#include "weir/hazard/slots.h"
#include "weir/hazard/statistics.h"

namespace weir::hazard {
namespace detail {

// The bags of a domain. Never given back to the system: one that is gone leaves it to the next.
struct table {
  barrier::thread::per_thread<bag> bags;
  table* next = nullptr;  // of those that nobody uses, under the lock of the list
};

// The bag of a thread that has none (yet). Never written.
extern constinit bag no_bag;

// This thread's bag in the default domain, and in the other one that it has used last.
extern constinit thread_local weir::atomic<bag*> own_default WEIR_TLS_FAST;
extern constinit thread_local weir::atomic<bag*> own_other WEIR_TLS_FAST;

// Objects for which there was no memory.
struct linked_objects {
  weir::detail::arrivals<link> in;
  weir::atomic<const void*> runner{nullptr};  // the thread that looks through them
  link* left = nullptr;                       // its own; changed under the lock of the strangers
};

}  // namespace detail

class domain {
 public:
  constexpr explicit domain(const options& o = {}) noexcept : options_(o) {}
  // Reclaims all that is left, on the calling thread. No pointer may protect any of it; every retire() must have
  // returned. Not from a deleter of its own.
  ~domain();
  domain(const domain&) = delete;
  domain& operator=(const domain&) = delete;

  // Calls reclaim(object) some time after nothing protects `object`: in a later retire() of this thread, or in whatever
  // else reclaims (clean_up(), options::execute, the retire() of another thread once this one has ended), with no lock
  // of Weir's held. `reclaim` may protect and retire; it must not clean up, nor throw. object is even.
  // Thread-safe: yes. Signal-safe: no. Blocks: once in a while, for the barrier and the deleters that it runs. false:
  // there is no memory to remember the object by; nothing has happened then. Objects of obj_base have no such end: see
  // retire.h. Cost: two stores and a predicted branch; once in 250 objects a lock.
  [[nodiscard]] WEIR_INLINE bool try_retire(void* object, void (*reclaim)(void* object)) noexcept {
    WEIR_ASSERT(object != nullptr, "a null pointer is retired in a domain of hazard pointers");
    WEIR_ASSERT((detail::address_of(object) & 1) == 0, "an object at an odd address is retired without a deleter of T");
    return try_retire(detail::retired{detail::address_of(object), reclaim});
  }

  // See hazard::retire() in retire.h.
  template <class T, class D = std::default_delete<T>>
  void retire(T* p, D d = D());

  // All that was retired before, in whatever thread, and that nothing protects, is reclaimed when it returns, on this
  // thread or another. Not from a deleter. Thread-safe: yes. Signal-safe: no. Blocks: while other threads run deleters.
  // If memory has run out, something that other threads have retired last may be left.
  void clean_up() noexcept;

  // Each number is right for some moment of the call, not all for the same one. Thread-safe: yes. Signal-safe: no.
  [[nodiscard]] statistics stats() noexcept;

  // For obj_base and the like, see retire.h. `what` is remembered, or, if that fails, `l` in the object itself.
  [[nodiscard]] WEIR_INLINE bool try_retire(detail::retired what) noexcept {
    return own().open.load(std::memory_order_relaxed)->append(what) || retire_slowly(what);  // our own
  }
  void retire_linked(detail::link* l) noexcept;

 private:
  friend struct room_of_domains;

  [[nodiscard]] WEIR_INLINE detail::bag& own() const noexcept;
  [[nodiscard]] WEIR_INLINE bool is_default() const noexcept;
  [[nodiscard]] detail::bag* find(barrier::thread::index i) const noexcept;
  [[nodiscard]] detail::bag* make_own() noexcept;
  [[nodiscard]] detail::bag* make_bag(barrier::thread::index i) noexcept;
  void join_list() noexcept;

  WEIR_COLD bool retire_slowly(detail::retired what) noexcept;
  [[nodiscard]] bool retire_as_stranger(detail::retired what) noexcept;
  [[nodiscard]] bool open_another(detail::bag& b, detail::retired what) noexcept;
  void after_seal(detail::bag& b) noexcept;
  [[nodiscard]] std::size_t threshold() const noexcept;
  [[nodiscard]] bool another_leads(const detail::bag& b) const noexcept;
  void count_retired(std::size_t objects) noexcept;

  // reclaim.cc
  [[nodiscard]] bool look_through(detail::bag& b, bool all) noexcept;
  [[nodiscard]] std::size_t look_through(detail::segment* chain, bool served) noexcept;
  void end_turn(detail::segment* chain, bool some_are_left) noexcept;
  [[nodiscard]] std::size_t run(detail::segment* chain, const detail::in_use* used) noexcept;
  void look_through_links(bool all) noexcept;
  [[nodiscard]] std::size_t run_links(const detail::in_use* used) noexcept;
  [[nodiscard]] bool seal_all(detail::bag& b, bool regardless) noexcept;
  [[nodiscard]] bool clean_up_once() noexcept;
  void wait_for_others(detail::bag& b) noexcept;
  [[nodiscard]] bool give_away() noexcept;
  static void execute(void* domain) noexcept;
  [[nodiscard]] bool reclaim_the_rest() noexcept;

  // lives.cc
  void left(barrier::thread::index i) noexcept;
  void adopt(detail::bag& b) noexcept;
  void in_child() noexcept;
  void lost_in_child(barrier::thread::index i) noexcept;

  template <class Visit>
  void each_bag(barrier::thread::index bound, Visit&& visit) noexcept;  // of threads below `bound`, and the strangers'

  weir::atomic<detail::table*> table_{nullptr};
  domain* next_ = nullptr;                 // under the lock of the list
  weir::atomic<std::uint64_t> number_{0};  // given when the domain enters the list, never again to another; 0 before
  const options options_;
  detail::bag strangers_;  // of threads that have ended, or have no bag: everything of it under its lock
  detail::linked_objects links_;
  weir::detail::errands work_;           // that was given to an executor
  weir::atomic<std::uint32_t> pins_{0};  // threads that reclaim at their end
  // Statistics, and hints.
  weir::atomic<std::size_t> held_{0};
  weir::atomic<std::size_t> peak_{0};
  weir::atomic<std::size_t> protected_{0};
  weir::atomic<std::uint64_t> scans_{0};
  weir::atomic<const detail::bag*> led_last_{nullptr};  // for whose objects a thread has called heavy()
};

namespace detail {
extern constinit weir::detail::forever<domain> the_default_domain;
}

// The domain that is meant where none is named. Lives for ever.
[[nodiscard]] inline domain& default_domain() noexcept { return detail::the_default_domain.value; }

WEIR_INLINE bool domain::is_default() const noexcept { return this == &detail::the_default_domain.value; }

WEIR_INLINE detail::bag& domain::own() const noexcept {
  // Relaxed, all of these: our own, and a domain's number that we have seen given.
  if (is_default()) return *detail::own_default.load(std::memory_order_relaxed);
  // Bags are never given back to the system, so one of a domain that is gone may be looked at.
  detail::bag* const last = detail::own_other.load(std::memory_order_relaxed);
  const bool ours = last->domain.load(std::memory_order_relaxed) == number_.load(std::memory_order_relaxed);
  return ours ? *last : detail::no_bag;
}

}  // namespace weir::hazard
