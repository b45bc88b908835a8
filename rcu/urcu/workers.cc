// The lives of workers: their beginnings and ends, whose they are, and fork().
#include <cerrno>
#include <csignal>
#include <mutex>
#include <new>

#include "weir/barrier/fail.h"
#include "weir/rcu/urcu/callbacks.h"
#include "weir/rcu/urcu/cpu.h"

namespace weir::rcu::urcu {

namespace {

// As the interface has it: the number in errno, and as a result below zero.
int failed(int why) noexcept {
  errno = why;
  return -why;
}

}  // namespace

// With the lock. Signals are for the program's own threads.
call_rcu_data* callbacks::start(unsigned long flags, int cpu) noexcept {
  auto* const w = new (std::nothrow) call_rcu_data(*this, static_cast<std::uint32_t>(flags) & URCU_CALL_RCU_RT, cpu);
  if (w == nullptr) return nullptr;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int refused = pthread_create(&w->thread, nullptr, &callbacks::run, w);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (refused != 0) {
    delete w;
    return nullptr;
  }
  w->next = first_;
  first_ = w;
  return w;
}

call_rcu_data* callbacks::create(unsigned long flags, int cpu) noexcept {
  const std::lock_guard hold(lock_);
  return start(flags, cpu);
}

call_rcu_data* callbacks::standard_locked() noexcept {
  call_rcu_data* w = standard_.load(std::memory_order_relaxed);  // under the lock
  if (w == nullptr) {
    w = start(0, -1);
    standard_.store(w,
                    std::memory_order_release);  // [call-standard] it is constructed. Pairs with [call-standard-seen].
  }
  return w;
}

call_rcu_data* callbacks::standard() noexcept {
  // [call-standard-seen] Pairs with [call-standard].
  if (call_rcu_data* const w = standard_.load(std::memory_order_acquire)) return w;
  const std::lock_guard hold(lock_);
  return standard_locked();
}

// With the lock: the worker is over. What it has not run goes to the default one, behind which rcu_barrier() finds it.
void callbacks::hand_over(call_rcu_data& from) noexcept {
  if (from.empty()) return;
  call_rcu_data* const to = standard_locked();
  if (to == nullptr) weir::detail::die("call_rcu: there is no memory, or no thread, for the default worker");
  __cds_wfcq_splice_blocking(__cds_wfcq_head_cast(&to->head), &to->tail, __cds_wfcq_head_cast(&from.head), &from.tail);
  to->wake();
}

void callbacks::free(call_rcu_data* w) noexcept {
  if (w == nullptr || w == standard_.load(std::memory_order_relaxed)) return;  // compared
  const away meanwhile(engine_);
  change(*w, URCU_CALL_RCU_STOP, 0);
  w->wake();
  pthread_join(w->thread, nullptr);
  const std::lock_guard hold(lock_);
  for (call_rcu_data** at = &first_; *at != nullptr; at = &(*at)->next) {
    if (*at != w) continue;
    *at = w->next;
    break;
  }
  hand_over(*w);
  delete w;
}

// The table, made if need be, with the lock. Null: no memory.
callbacks::cpu_worker* callbacks::make_cpus() noexcept {
  cpu_worker* table = cpus_.load(std::memory_order_relaxed);  // under the lock
  if (table != nullptr) return table;
  table = new (std::nothrow) cpu_worker[static_cast<std::size_t>(cpus())]{};
  cpus_.store(table, std::memory_order_release);  // [call-cpu] Release: filled with null. Pairs with [call-cpus].
  return table;
}

call_rcu_data* callbacks::of_cpu(int cpu) const noexcept {
  cpu_worker* const table = cpus_.load(std::memory_order_acquire);  // [call-cpus] Pairs with [call-cpu].
  if (table == nullptr || cpu < 0 || cpu >= cpus()) return nullptr;
  return table[cpu].load(std::memory_order_acquire);  // [call-cpus] the worker is constructed
}

int callbacks::set_of_cpu(int cpu, call_rcu_data* w) noexcept {
  if (cpu < 0 || cpu >= cpus()) {
    return failed(EINVAL);
  }
  const std::lock_guard hold(lock_);
  cpu_worker* const table = make_cpus();
  if (table == nullptr) {
    return failed(ENOMEM);
  }
  if (w != nullptr && table[cpu].load(std::memory_order_relaxed) != nullptr) {  // under the lock
    return failed(EEXIST);
  }
  table[cpu].store(w, std::memory_order_release);  // [call-cpu] Pairs with [call-cpus].
  return 0;
}

int callbacks::create_all_cpus(unsigned long flags) noexcept {
  const int n = cpus();
  if (n == 0) {
    return failed(EINVAL);
  }
  for (int cpu = 0; cpu < n; ++cpu) {
    if (of_cpu(cpu) != nullptr) continue;
    call_rcu_data* const w = create(flags, cpu);
    if (w == nullptr) {
      return failed(ENOMEM);
    }
    if (set_of_cpu(cpu, w) == 0) continue;
    const int why = errno;
    free(w);
    if (why != EEXIST) return failed(why);  // else another thread has done the same
  }
  return 0;
}

void callbacks::free_all_cpus() noexcept {
  call_rcu_data* gone = nullptr;
  const int n = cpus();
  for (int cpu = 0; cpu < n; ++cpu) {
    call_rcu_data* const w = of_cpu(cpu);
    if (w == nullptr) continue;
    static_cast<void>(set_of_cpu(cpu, nullptr));
    w->next_to_free = gone;
    gone = w;
  }
  if (gone == nullptr) return;
  engine_.synchronize();
  while (gone != nullptr) {
    call_rcu_data* const w = gone;
    gone = w->next_to_free;
    free(w);
  }
}

void callbacks::before_fork() noexcept {
  const away meanwhile(engine_);
  lock_.lock();
  if (atfork_ != nullptr) atfork_->before_fork(atfork_->priv);
  for (call_rcu_data* w = first_; w != nullptr; w = w->next) {
    change(*w, URCU_CALL_RCU_PAUSE, 0);
    w->wake();
  }
  for (call_rcu_data* w = first_; w != nullptr; w = w->next) {
    wait_for(*w, URCU_CALL_RCU_PAUSED, true);
  }
}

void callbacks::after_fork_in_parent() noexcept {
  for (call_rcu_data* w = first_; w != nullptr; w = w->next) {
    change(*w, 0, URCU_CALL_RCU_PAUSE);
  }
  if (atfork_ != nullptr) atfork_->after_fork_parent(atfork_->priv);
  lock_.unlock();
}

// One thread is left. The workers are gone, and with them what they had started; what waits for them goes on.
void callbacks::after_fork_in_child() noexcept {
  call_rcu_data* gone = first_;
  first_ = nullptr;
  standard_.store(nullptr, std::memory_order_relaxed);                               // one thread
  if (cpu_worker* const table = cpus_.exchange(nullptr, std::memory_order_relaxed))  // one thread
    delete[] table;
  own_() = nullptr;
  while (gone != nullptr) {
    call_rcu_data* const w = gone;
    gone = w->next;
    hand_over(*w);
    delete w;
  }
  if (atfork_ != nullptr) atfork_->after_fork_child(atfork_->priv);
  lock_.unlock();
}

void callbacks::register_atfork(urcu_atfork* a) noexcept {
  const std::lock_guard hold(lock_);
  if (atforks_++ == 0) atfork_ = a;
}

void callbacks::unregister_atfork(urcu_atfork*) noexcept {
  const std::lock_guard hold(lock_);
  WEIR_ASSERT(atforks_ > 0, "urcu_unregister_rculfhash_atfork() without urcu_register_rculfhash_atfork()");
  if (--atforks_ == 0) atfork_ = nullptr;
}

}  // namespace weir::rcu::urcu
