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
  WEIR_ASSERT(!engine_.is_inside(), "call_rcu_data_free() inside a section: the worker may be waiting for it");
  WEIR_ASSERT(!pthread_equal(w->thread, pthread_self()), "call_rcu_data_free() of the worker that runs the callback");
  const away meanwhile(engine_);
  {
    const std::lock_guard hold(lock_);  // so that none is told to stop between before_fork() and the end of the fork
    change(*w, URCU_CALL_RCU_STOP, 0);
  }
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
  if (cpu_count_ == 0) cpu_count_ = cpus();
  table = new (std::nothrow) cpu_worker[static_cast<std::size_t>(cpu_count_)]{};
  // [call-cpu] Release: filled with null, and its length is known. Pairs with [call-cpus].
  cpus_.store(table, std::memory_order_release);
  return table;
}

call_rcu_data* callbacks::of_cpu(int cpu) const noexcept {
  cpu_worker* const table = cpus_.load(std::memory_order_acquire);  // [call-cpus] Pairs with [call-cpu].
  if (table == nullptr || cpu < 0 || cpu >= cpu_count_) return nullptr;
  return table[cpu].load(std::memory_order_acquire);  // [call-cpus] the worker is constructed
}

int callbacks::set_of_cpu(int cpu, call_rcu_data* w) noexcept {
  const std::lock_guard hold(lock_);
  cpu_worker* const table = make_cpus();
  if (table == nullptr) {
    return failed(ENOMEM);
  }
  if (cpu < 0 || cpu >= cpu_count_) {
    return failed(EINVAL);
  }
  if (w != nullptr && table[cpu].load(std::memory_order_relaxed) != nullptr) {  // under the lock
    return failed(EEXIST);
  }
  table[cpu].store(w, std::memory_order_release);  // [call-cpu] Pairs with [call-cpus].
  return 0;
}

int callbacks::create_all_cpus(unsigned long flags) noexcept {
  {
    const std::lock_guard hold(lock_);
    if (make_cpus() == nullptr) {
      return failed(ENOMEM);
    }
  }
  if (cpu_count_ == 0) {  // fixed, now that there is a table
    return failed(EINVAL);
  }
  for (int cpu = 0; cpu < cpu_count_; ++cpu) {
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
  {
    const std::lock_guard hold(lock_);
    cpu_worker* const table = cpus_.load(std::memory_order_relaxed);  // under the lock
    for (int cpu = 0; table != nullptr && cpu < cpu_count_; ++cpu) {
      call_rcu_data* const w = table[cpu].exchange(nullptr, std::memory_order_relaxed);  // publishes nothing
      if (w == nullptr) continue;
      w->next_to_free = gone;
      gone = w;
    }
  }
  if (gone == nullptr) return;
  engine_.synchronize();
  while (gone != nullptr) {
    call_rcu_data* const w = gone;
    gone = w->next_to_free;
    free(w);
  }
}

// With the lock: whether no worker runs, nor will before the lock is given back. Those that do are told to pause.
bool callbacks::all_rest() noexcept {
  bool rest = true;
  for (call_rcu_data* w = first_; w != nullptr; w = w->next) {
    const std::uint32_t now = seen(*w);
    if ((now & URCU_CALL_RCU_STOPPED) != 0) continue;
    if ((now & URCU_CALL_RCU_PAUSE) == 0) {
      change(*w, URCU_CALL_RCU_PAUSE, 0);
      w->wake();
    }
    if ((now & (URCU_CALL_RCU_PAUSED | URCU_CALL_RCU_STOP)) != URCU_CALL_RCU_PAUSED) rest = false;
  }
  return rest;
}

// The lock is held from here to the end of the fork, but not while workers come to rest: one may wait for a section
// whose thread wants the lock, or run a callback that does. There is a default worker then, so that call_rcu() does not
// want it until the fork is over.
void callbacks::before_fork() noexcept {
  const away meanwhile(engine_);
  fork_.lock();
  if (atfork_ != nullptr) atfork_->before_fork(atfork_->priv);
  for (;;) {
    // [call-rests-seen] Acquire: who has come to rest before this number is found resting. Pairs with [call-rests].
    const std::uint32_t now = rests_.load(std::memory_order_acquire);
    lock_.lock();
    static_cast<void>(standard_locked());  // null: call_rcu() will say so, if it is called
    if (all_rest()) return;
    lock_.unlock();
    rests_.wait(now, std::memory_order_relaxed);  // all is read anew
  }
}

void callbacks::after_fork_in_parent() noexcept {
  for (call_rcu_data* w = first_; w != nullptr; w = w->next) {
    change(*w, 0, URCU_CALL_RCU_PAUSE);
  }
  // So that the next before_fork() does not take this rest for its own.
  for (call_rcu_data* w = first_; w != nullptr; w = w->next) {
    wait_for(*w, URCU_CALL_RCU_PAUSED, false);
  }
  lock_.unlock();
  if (atfork_ != nullptr) atfork_->after_fork_parent(atfork_->priv);
  fork_.unlock();
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
  lock_.unlock();
  if (atfork_ != nullptr) atfork_->after_fork_child(atfork_->priv);
  fork_.unlock();
}

void callbacks::register_atfork(urcu_atfork* a) noexcept {
  const away meanwhile(engine_);
  const std::lock_guard hold(fork_);
  if (atforks_++ == 0) atfork_ = a;
}

void callbacks::unregister_atfork(urcu_atfork*) noexcept {
  const away meanwhile(engine_);
  const std::lock_guard hold(fork_);
  WEIR_ASSERT(atforks_ > 0, "urcu_unregister_rculfhash_atfork() without urcu_register_rculfhash_atfork()");
  if (--atforks_ == 0) atfork_ = nullptr;
}

}  // namespace weir::rcu::urcu
