#include "weir/rcu/urcu/deferrals.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <mutex>
#include <new>
#include <unistd.h>

#include "weir/barrier/barrier.h"
#include "weir/barrier/fail.h"
#include "weir/rcu/nap.h"

namespace weir::rcu::urcu {

void deferrals::defer(void (*fct)(void*), void* p) noexcept {
  WEIR_ASSERT(!own_().runs, "defer_rcu() in a deferred callback");
  ring* const mine = own_().mine;
  WEIR_ASSERT(mine != nullptr, "defer_rcu() by a thread without rcu_defer_register_thread()");
  const std::size_t head = mine->head.load(std::memory_order_relaxed);  // our own
  // [defer-space] Acquire: who has taken an entry has done so before we write there. Pairs with [defer-taken].
  if (head - mine->tail.load(std::memory_order_acquire) == size) barrier_of_thread();
  mine->entries[head % size] = {.fct = fct, .p = p};
  // [defer-put] Release: the entry, and what the caller did before. Pairs with [defer-take].
  mine->head.store(head + 1, std::memory_order_release);
  // [defer-call] Either we see that the thread sleeps, or it sees our entry. Pairs with [defer-sleep].
  barrier::light();
  if (asleep_.load(std::memory_order_relaxed) != 0) call();  // ordered by [defer-call]
}

void deferrals::call() noexcept {
  asleep_.store(0, std::memory_order_relaxed);  // others need not call
  // [defer-stop] Release: who finds the new number sees `stop_`. Seq_cst, before notify_all() looks for sleepers. Pairs
  // with [defer-stop-seen].
  calls_.fetch_add(1, std::memory_order_seq_cst);
  calls_.notify_all();
  detail::wake_all(calls_);  // of the nap
}

// With the lock. One grace period, then all that was there before it; of one ring or all.
void deferrals::run_all(ring* only) noexcept {
  bool any = false;
  for (ring* r = first_; r != nullptr; r = r->next) {
    const std::size_t tail = r->tail.load(std::memory_order_relaxed);  // under the lock
    // [defer-take] Pairs with [defer-put].
    r->upto = only == nullptr || r == only ? r->head.load(std::memory_order_acquire) : tail;
    any = any || r->upto != tail;
  }
  if (!any) return;
  engine_.synchronize();
  const present to_callbacks(engine_);
  own_().runs = true;
  for (ring* r = first_; r != nullptr; r = r->next) run(*r);
  own_().runs = false;
}

void deferrals::run(ring& r) noexcept {
  for (std::size_t i = r.tail.load(std::memory_order_relaxed); i != r.upto; ++i) {  // under the lock
    const ring::entry e = r.entries[i % size];
    e.fct(e.p);
  }
  r.tail.store(r.upto, std::memory_order_release);  // [defer-taken] Pairs with [defer-space].
}

void deferrals::barrier() noexcept {
  WEIR_ASSERT(!engine_.is_inside(), "rcu_defer_barrier() inside a section: it would wait for itself");
  WEIR_ASSERT(!own_().runs, "rcu_defer_barrier() in a deferred callback: it would wait for itself");
  const away meanwhile(engine_);
  const std::lock_guard hold(lock_);
  run_all(nullptr);
}

void deferrals::barrier_of_thread() noexcept {
  WEIR_ASSERT(!engine_.is_inside(), "a full ring, or rcu_defer_barrier_thread(), inside a section");
  WEIR_ASSERT(!own_().runs, "rcu_defer_barrier_thread() in a deferred callback: it would wait for itself");
  const away meanwhile(engine_);
  const std::lock_guard hold(lock_);
  if (own_().mine != nullptr) run_all(own_().mine);
}

int deferrals::register_thread() noexcept {
  WEIR_ASSERT(!own_().runs, "rcu_defer_register_thread() in a deferred callback");
  WEIR_ASSERT(own_().mine == nullptr, "rcu_defer_register_thread() twice");
  const away meanwhile(engine_);
  auto* const made = new (std::nothrow) ring;
  if (made == nullptr) return ENOMEM;
  const std::lock_guard alive(life_);
  if ((first_ == nullptr || !lives()) && !start()) {  // first_ changes under both locks
    delete made;
    return EAGAIN;
  }
  const std::lock_guard hold(lock_);
  made->next = first_;
  first_ = made;
  own_().mine = made;
  return 0;
}

void deferrals::unregister_thread() noexcept {
  ring* const mine = own_().mine;
  WEIR_ASSERT(mine != nullptr, "rcu_defer_unregister_thread() without rcu_defer_register_thread()");
  const away meanwhile(engine_);
  // Relaxed, both: our own, and what others have taken only makes it fewer.
  while (mine->tail.load(std::memory_order_relaxed) != mine->head.load(std::memory_order_relaxed)) barrier_of_thread();
  const std::lock_guard alive(life_);
  bool last = false;
  {
    const std::lock_guard hold(lock_);
    for (ring** at = &first_; *at != nullptr; at = &(*at)->next) {
      if (*at != mine) continue;
      *at = mine->next;
      break;
    }
    last = first_ == nullptr;
  }
  own_().mine = nullptr;
  delete mine;
  if (last) stop();
}

void deferrals::exit() noexcept {
  WEIR_ASSERT(first_ == nullptr, "rcu_defer_exit() while a thread is registered for it");
}

// Not in a child after fork().
bool deferrals::lives() const noexcept { return process_ == ::getpid(); }

bool deferrals::start() noexcept {
  stop_.store(0, std::memory_order_relaxed);  // the thread begins after it
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int failed = pthread_create(&thread_, nullptr, &deferrals::run, this);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (failed == 0) process_ = ::getpid();
  return failed == 0;
}

void deferrals::stop() noexcept {
  if (!lives()) return;
  stop_.store(1, std::memory_order_relaxed);  // ordered by the number that call() changes
  call();
  pthread_join(thread_, nullptr);
}

void* deferrals::run(void* self) noexcept {
  static_cast<deferrals*>(self)->work();
  return nullptr;
}

void deferrals::work() noexcept {
  engine_.register_thread();
  const bool online = engine_.go_offline();
  while (stop_.load(std::memory_order_relaxed) == 0) {  // what it ends is under the locks, and pthread_join()
    sleep();
    // More come together meanwhile. A call ends it early, which only stop() makes now.
    // [defer-stop-seen] Acquire: if the number is stop()'s already, so is `stop_`. Pairs with [defer-stop].
    const std::uint32_t now = calls_.load(std::memory_order_acquire);
    if (stop_.load(std::memory_order_relaxed) == 0) {  // ordered by [defer-stop-seen]
      detail::nap(calls_, now, std::chrono::milliseconds(100));
    }
    const std::lock_guard hold(lock_);
    run_all(nullptr);
  }
  if (online) engine_.go_online();
  engine_.unregister_thread();
}

void deferrals::sleep() noexcept {
  const std::uint32_t now = calls_.load(std::memory_order_acquire);  // [defer-stop-seen] as below
  asleep_.store(1, std::memory_order_relaxed);                       // ordered by heavy()
  // [defer-sleep] heavy(): either who defers sees that we sleep, or we see its entry. Pairs with [defer-call].
  barrier::heavy();
  bool any = stop_.load(std::memory_order_relaxed) != 0;  // ordered by [defer-stop-seen]
  {
    const std::lock_guard hold(lock_);
    for (const ring* r = first_; r != nullptr; r = r->next) {
      any = any || r->head.load(std::memory_order_relaxed) != r->tail.load(std::memory_order_relaxed);  // as above
    }
  }
  if (!any) calls_.wait(now, std::memory_order_relaxed);  // all is read anew
  asleep_.store(0, std::memory_order_relaxed);            // who still sees it calls in vain
}

}  // namespace weir::rcu::urcu
