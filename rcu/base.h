// What domains of either flavour are: the grace periods of a set of readers, and what is retired for them.
//
// Internal; users see it as the base of rcu::domain and rcu::qsbr_domain, which document what is inherited from here.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/barrier/barrier.h"
#include "weir/barrier/fail.h"
#include "weir/barrier/per_thread.h"
#include "weir/rcu/garbage.h"
#include "weir/rcu/grace.h"
#include "weir/rcu/options.h"
#include "weir/rcu/record.h"
#include "weir/rcu/segment.h"
#include "weir/rcu/statistics.h"
#include "weir/rcu/strangers.h"
#include "weir/rcu/worker.h"

namespace weir::rcu {

class ready;

// A grace period that was asked for: see domain_base::start_poll().
class grace_period {
 public:
  grace_period() noexcept = default;  // one that has ended

 private:
  friend class domain_base;
  explicit grace_period(detail::period n) noexcept : number_(n) {}
  detail::period number_ = 0;
};

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

class domain_base {
 public:
  domain_base(const domain_base&) = delete;
  domain_base& operator=(const domain_base&) = delete;

  // Waits until every section that is open now has ended. Not from a section of this domain.
  // Thread-safe: yes. Signal-safe: no. Blocks: as long as such a section is open. Concurrent calls share periods.
  // Source: [rcu.syn], rcu_synchronize.
  void synchronize() noexcept;

  // The same without waiting: start_poll(), and later poll() says whether all those sections have ended. Each call of
  // poll() works on the period without waiting for anybody. Thread-safe: yes. Signal-safe: no.
  [[nodiscard]] grace_period start_poll() noexcept;
  [[nodiscard]] bool poll(grace_period p) noexcept;
  void synchronize(grace_period p) noexcept;

  // Calls reclaim(object) once every section that is open now has ended: some time later, on a thread that options::by
  // tells, with no lock of Weir's held. `reclaim` may open sections, retire, synchronize; it must not call barrier() of
  // this domain, nor throw. Ownership: the domain's. Blocks: not as long as there is less than options::limit,
  // except while another thread is in the middle of a fork(); over it for options::max_wait at most, and never inside a
  // section or a deleter. Inside a section it is allowed.
  // Thread-safe: yes. Signal-safe: no. false: there is no memory to remember the object by, and this is no place to
  // wait for a period instead. Nothing has happened then. Objects that are of obj_base have no such end: see retire.h,
  // which also has the forms with deleters. Cost: two stores and a predicted branch; once in some 250 objects a few
  // read-modify-writes.
  [[nodiscard]] WEIR_INLINE bool try_retire(void* object, void (*reclaim)(void* object)) noexcept;

  // Waits until all that was retired before has been run. What is retired meanwhile, by deleters too, is not waited
  // for. Not from a section of this domain, nor from one of its deleters. Runs deleters itself where options::help says
  // so, and with reclaimer::in_place and by_hand. It does not imply synchronize(): if nothing was retired it returns at
  // once. Thread-safe: yes. Signal-safe: no. Source: [rcu.syn], rcu_barrier.
  void barrier() noexcept;

  // Objects whose period has ended, for the caller to run: for reclaimer::by_hand, and whoever else wants to. Works on
  // the period that comes next, without waiting. (Objects that came in while there was no memory are run here, by the
  // call.) Thread-safe: yes. Signal-safe: no.
  [[nodiscard]] ready poll_ready() noexcept;

  // What the domain is doing. Each number is right for some moment of the call, not all for the same one.
  // Thread-safe: yes. Signal-safe: no.
  [[nodiscard]] statistics stats() noexcept;

  // Remembers what is to be run in the object itself: cannot fail. For obj_base, see retire.h.
  void retire_linked(detail::link* object) noexcept;

 protected:
  // `online`: readers that are inside for as long as they do not say otherwise.
  constexpr domain_base(const options& o, bool online) noexcept : options_(o), online_readers_(online) {}
  ~domain_base();

  [[nodiscard]] WEIR_INLINE detail::record& own() const noexcept;
  [[nodiscard]] detail::record* find(barrier::thread::index i) const noexcept;
  [[nodiscard]] detail::record* find_own() const noexcept;
  [[nodiscard]] detail::record* make_own() noexcept;
  [[nodiscard]] bool inside() const noexcept;
  // Defined in domain.h, where the default domain is known.
  [[nodiscard]] WEIR_INLINE bool is_default() const noexcept;
  void enter_as_stranger() noexcept;
  void leave_as_stranger() noexcept;
  static void wake_who_waits() noexcept;
  // Sections of this domain that this thread has open as a stranger; whether it has any, in whatever domain.
  [[nodiscard]] unsigned stranger_sections() const noexcept;
  [[nodiscard]] static bool is_stranger_anywhere() noexcept;

  detail::grace_periods periods_;

 private:
  friend class detail::worker;
  friend class ready;
  friend struct room_of_domains;
  struct view;
  struct running;

  [[nodiscard]] detail::table* make_table() noexcept;
  void join_list() noexcept;

  // retire.cc
  bool retire_slowly(retired what) noexcept;
  [[nodiscard]] bool retire_without_record(retired what) noexcept;
  [[nodiscard]] bool retire_without_memory(retired what) noexcept;
  [[nodiscard]] detail::segment* open_segment(detail::record& mine) noexcept;
  [[nodiscard]] std::uint32_t reserve() noexcept;
  [[nodiscard]] std::size_t limit() const noexcept;
  [[nodiscard]] std::size_t soft_limit() const noexcept { return limit() * 7 / 16; }
  void seal(detail::record& mine) noexcept;
  void after_seal() noexcept;
  void make_room(std::size_t objects) noexcept;

  // reclaim.cc
  [[nodiscard]] static bool in_deleter() noexcept;
  [[nodiscard]] static bool is_executing(const domain_base& d) noexcept;
  [[nodiscard]] bool is_executing() const noexcept { return is_executing(*this); }
  [[nodiscard]] bool retirers_may_run() const noexcept;
  [[nodiscard]] bool has_worker() const noexcept;
  [[nodiscard]] std::size_t queued() const noexcept;
  bool run_ready() noexcept;
  bool run_links() noexcept;
  void run(detail::segment& s) noexcept;
  void run(retired what) noexcept;
  bool advance() noexcept;
  void make_progress(bool run_here, bool patient) noexcept;
  void run_all_ready() noexcept;
  void finished(detail::segment* s) noexcept;
  void wait_a_little() noexcept;
  void tell_who_waits() noexcept;
  void seal_own() noexcept;
  bool collect_others() noexcept;
  void drain() noexcept;
  void reclaim_once() noexcept;
  void worker_loop() noexcept;
  static void execute(void* domain) noexcept;
  void call_worker(bool urgently) noexcept;

  // lives.cc
  void left(barrier::thread::index i) noexcept;
  void in_child(barrier::thread::index self) noexcept;
  void lost_in_child(barrier::thread::index i) noexcept;

  weir::atomic<detail::table*> table_{nullptr};  // null: nobody has come in yet, or memory has run out
  detail::strangers strangers_;
  domain_base* next_ = nullptr;  // under the lock of the list
  // Given when the domain enters the list, never again to another; 0 before.
  weir::atomic<std::uint64_t> number_{0};

  const options options_;
  const bool online_readers_;
  detail::garbage garbage_;
  weir::atomic<std::size_t> granted_{0};  // room in all open segments
  detail::worker worker_;
  weir::atomic<std::uint32_t> pins_{0};  // whoever else ends the worker, at the process's exit
  detail::stall stall_;
};

}  // namespace weir::rcu
