// call_rcu(): callbacks, the workers that run them, and fork(). Internal; include/urcu/weir/flavour.h documents the
// calls.
//
// A worker takes its whole queue, waits for one grace period, and runs all; then it looks again. Who enqueues wakes it
// if it sleeps, but for workers with URCU_CALL_RCU_RT.
#pragma once

#include <cstdint>
#include <pthread.h>
#include <urcu/call-rcu.h>
#include <urcu/flavor.h>

#include "weir/barrier/atomic.h"
#include "weir/barrier/static_mutex.h"
#include "weir/rcu/urcu/engine.h"

namespace weir::rcu::urcu {
class callbacks;
}

// `flags`: the interface's URCU_CALL_RCU_*. RT is fixed; STOP and PAUSE are set by others, STOPPED, PAUSED and RUNNING
// by the worker; all wait on the word itself.
struct call_rcu_data {
  explicit call_rcu_data(weir::rcu::urcu::callbacks& r, std::uint32_t f, int c) noexcept : room(r), flags(f), cpu(c) {
    __cds_wfcq_init(&head, &tail);
  }
  void put(rcu_head* what) noexcept;
  void wake() noexcept;
  [[nodiscard]] bool empty() const noexcept { return cds_wfcq_empty(__cds_wfcq_head_const_cast(&head), &tail); }

  weir::rcu::urcu::callbacks& room;
  __cds_wfcq_head head;
  alignas(weir::port::line) cds_wfcq_tail tail;
  alignas(weir::port::line) weir::atomic<std::uint32_t> flags;
  weir::atomic<std::uint32_t> asleep{0};
  weir::atomic<std::uint32_t> calls{0};  // changes with each call that must end a sleep
  const int cpu;
  pthread_t thread{};
  call_rcu_data* next = nullptr;          // of all workers of the flavour, under its lock
  call_rcu_data* next_to_free = nullptr;  // of free_all_cpus()
};

namespace weir::rcu::urcu {

class callbacks {
 public:
  constexpr explicit callbacks(const engine& e, call_rcu_data*& (*own)() noexcept) noexcept : engine_(e), own_(own) {}

  void call(rcu_head* head, void (*func)(rcu_head*)) noexcept;
  void barrier() noexcept;

  call_rcu_data* create(unsigned long flags, int cpu) noexcept;
  void free(call_rcu_data* w) noexcept;
  call_rcu_data* standard() noexcept;  // the default one
  call_rcu_data* of_cpu(int cpu) const noexcept;
  call_rcu_data* of_thread() const noexcept { return own_(); }
  call_rcu_data* for_caller() noexcept;
  void set_of_thread(call_rcu_data* w) noexcept { own_() = w; }
  int set_of_cpu(int cpu, call_rcu_data* w) noexcept;
  int create_all_cpus(unsigned long flags) noexcept;
  void free_all_cpus() noexcept;

  void before_fork() noexcept;
  void after_fork_in_parent() noexcept;
  void after_fork_in_child() noexcept;
  void register_atfork(urcu_atfork* a) noexcept;
  void unregister_atfork(urcu_atfork* a) noexcept;

 private:
  using cpu_worker = weir::atomic<call_rcu_data*>;

  // Of flags; and until they are as wanted.
  static void change(call_rcu_data& w, std::uint32_t set, std::uint32_t clear) noexcept;
  [[nodiscard]] static std::uint32_t seen(const call_rcu_data& w) noexcept;
  static void wait_for(call_rcu_data& w, std::uint32_t bits, bool wanted) noexcept;

  static void* run(void* w) noexcept;
  void work(call_rcu_data& w) noexcept;
  bool run_batch(call_rcu_data& w) noexcept;
  static void sleep(call_rcu_data& w) noexcept;
  void pause(call_rcu_data& w) noexcept;
  call_rcu_data* start(unsigned long flags, int cpu) noexcept;
  call_rcu_data* standard_locked() noexcept;
  void hand_over(call_rcu_data& from) noexcept;
  cpu_worker* make_cpus() noexcept;
  bool all_rest() noexcept;
  void tell_rest() noexcept;

  const engine& engine_;
  call_rcu_data*& (*const own_)() noexcept;  // the calling thread's worker
  weir::detail::static_mutex fork_;          // while one goes on; above lock_
  weir::detail::static_mutex lock_;          // held to wait for no section nor callback
  call_rcu_data* first_ = nullptr;           // under the lock
  weir::atomic<call_rcu_data*> standard_{nullptr};
  weir::atomic<cpu_worker*> cpus_{nullptr};
  int cpu_count_ = 0;                     // of the table; fixed from the first one on
  weir::atomic<std::uint32_t> rests_{0};  // changes when a worker has paused, or stopped
  urcu_atfork* atfork_ = nullptr;         // under fork_
  unsigned atforks_ = 0;                  // how often it was registered
};

}  // namespace weir::rcu::urcu
