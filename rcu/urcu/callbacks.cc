#include "weir/rcu/urcu/callbacks.h"

#include <cerrno>
#include <mutex>
#include <new>
#include <poll.h>
#include <urcu/compiler.h>

#include "weir/barrier/fail.h"
#include "weir/rcu/urcu/cpu.h"

void call_rcu_data::put(rcu_head* what) noexcept {
  cds_wfcq_node_init(&what->next);
  // [call-put] A full barrier, by the interface of the queue, between what we put in and the look at `asleep`: either
  // we see that the worker sleeps, or it sees that the queue is not empty. Pairs with [call-sleep].
  cds_wfcq_enqueue(__cds_wfcq_head_cast(&head), &tail, &what->next);
  if ((flags.load(std::memory_order_relaxed) & URCU_CALL_RCU_RT) != 0) return;  // fixed
  if (asleep.load(std::memory_order_seq_cst) != 0) wake();                      // [call-put]
}

void call_rcu_data::wake() noexcept {
  calls.fetch_add(1,
                  std::memory_order_seq_cst);  // [call-wake] before notify looks for sleepers. Pairs with [call-sleep].
  calls.notify_one();
}

namespace weir::rcu::urcu {

void callbacks::change(call_rcu_data& w, std::uint32_t set, std::uint32_t clear) noexcept {
  for (std::uint32_t now = w.flags.load(std::memory_order_relaxed);;) {  // the exchange decides
    const std::uint32_t then = (now | set) & ~clear;
    // [call-flags] What was done before a flag changed is known to who reads it; and seq_cst, since notify_all() only
    // loads the number of waiters, and must not do so before. Pairs with [call-flags-seen].
    if (w.flags.compare_exchange_weak(now, then, std::memory_order_seq_cst, std::memory_order_relaxed)) break;
  }
  w.flags.notify_all();
}

std::uint32_t callbacks::seen(const call_rcu_data& w) noexcept {
  return w.flags.load(std::memory_order_acquire);  // [call-flags-seen] Pairs with [call-flags].
}

void callbacks::wait_for(call_rcu_data& w, std::uint32_t bits, bool wanted) noexcept {
  for (;;) {
    const std::uint32_t now = seen(w);
    if (((now & bits) != 0) == wanted) return;
    w.flags.wait(now, std::memory_order_relaxed);  // read again
  }
}

void callbacks::call(rcu_head* head, void (*func)(rcu_head*)) noexcept {
  head->func = func;
  const bool entered = engine_.enter();  // the worker is not freed before a grace period has passed
  for_caller()->put(head);
  if (entered) engine_.leave();
}

void* callbacks::run(void* w) noexcept {
  auto& data = *static_cast<call_rcu_data*>(w);
  data.room.work(data);
  return nullptr;
}

void callbacks::work(call_rcu_data& w) noexcept {
  if (w.cpu >= 0) stay_on(w.cpu);
  own_() = &w;  // its callbacks' calls stay with it
  engine_.register_thread();
  {
    const away at_first(engine_);
    change(w, URCU_CALL_RCU_RUNNING, 0);
    for (;;) {
      if ((seen(w) & URCU_CALL_RCU_PAUSE) != 0) pause(w);
      const bool any = run_batch(w);
      if ((seen(w) & URCU_CALL_RCU_STOP) != 0) break;
      if (!any) sleep(w);
    }
  }
  engine_.unregister_thread();
  change(w, URCU_CALL_RCU_STOPPED, URCU_CALL_RCU_RUNNING);
  tell_rest();
}

bool callbacks::run_batch(call_rcu_data& w) noexcept {
  __cds_wfcq_head head;
  cds_wfcq_tail tail;
  __cds_wfcq_init(&head, &tail);
  if (__cds_wfcq_splice_blocking(__cds_wfcq_head_cast(&head), &tail, __cds_wfcq_head_cast(&w.head), &w.tail) ==
      CDS_WFCQ_RET_SRC_EMPTY) {
    return false;
  }
  engine_.synchronize();
  engine_.go_online();
  cds_wfcq_node *node = nullptr, *next = nullptr;
  __cds_wfcq_for_each_blocking_safe(__cds_wfcq_head_cast(&head), &tail, node, next) {
    rcu_head* const what = caa_container_of(node, rcu_head, next);
    what->func(what);
  }
  engine_.go_offline();
  return true;
}

void callbacks::sleep(call_rcu_data& w) noexcept {
  if ((w.flags.load(std::memory_order_relaxed) & URCU_CALL_RCU_RT) != 0) {  // fixed
    ::poll(nullptr, 0, 10);
    return;
  }
  const std::uint32_t now = w.calls.load(std::memory_order_relaxed);  // only compared by the wait
  w.asleep.store(1, std::memory_order_relaxed);                       // the fence orders it
  // [call-sleep] Seq_cst: either who puts something in sees that we sleep, or we see it. Pairs with [call-put]; and
  // with [call-wake], which changes the word that we have read already.
  weir::atomic_thread_fence(std::memory_order_seq_cst);
  if (w.empty() && (seen(w) & (URCU_CALL_RCU_STOP | URCU_CALL_RCU_PAUSE)) == 0)
    w.calls.wait(now, std::memory_order_relaxed);  // all is read anew
  w.asleep.store(0, std::memory_order_relaxed);    // who still sees it wakes in vain
}

// A worker that is to stop does not pause: a callback of another one may be waiting for its end.
void callbacks::pause(call_rcu_data& w) noexcept {
  change(w, URCU_CALL_RCU_PAUSED, 0);
  tell_rest();
  for (std::uint32_t now; ((now = seen(w)) & (URCU_CALL_RCU_PAUSE | URCU_CALL_RCU_STOP)) == URCU_CALL_RCU_PAUSE;) {
    w.flags.wait(now, std::memory_order_relaxed);  // read again
  }
  change(w, 0, URCU_CALL_RCU_PAUSED);
}

void callbacks::tell_rest() noexcept {
  // [call-rests] Release: the flags say it already; seq_cst before notify_all() looks for sleepers. Pairs with
  // [call-rests-seen].
  rests_.fetch_add(1, std::memory_order_seq_cst);
  rests_.notify_all();
}

call_rcu_data* callbacks::for_caller() noexcept {
  if (call_rcu_data* const own = own_()) return own;
  // [call-cpus] Acquire: the table is filled with null. Pairs with [call-cpu].
  if (cpus_.load(std::memory_order_acquire) != nullptr) {
    if (call_rcu_data* const w = of_cpu(current_cpu())) return w;
  }
  call_rcu_data* const w = standard();
  if (w == nullptr) weir::detail::die("call_rcu: there is no memory, or no thread, for the default worker");
  return w;
}

namespace {

// One for each worker, and what barrier() waits for.
struct mark {
  rcu_head head;
  struct marks* all;
};

struct marks {
  explicit marks(std::uint32_t n) noexcept : left(n), users(n + 1) {}
  ~marks() { delete[] each; }
  // [mark-run] What the callbacks before it have done is known when the last is over; seq_cst before notify_all() looks
  // for sleepers. Pairs with [mark-seen].
  void run_one() noexcept {
    if (left.fetch_sub(1, std::memory_order_seq_cst) == 1) left.notify_all();
    drop();
  }
  void drop() noexcept {
    if (users.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;  // [mark-run] all are through with it
  }
  void wait() noexcept {
    // [mark-seen] Pairs with [mark-run].
    for (std::uint32_t n; (n = left.load(std::memory_order_acquire)) != 0;) {
      left.wait(n, std::memory_order_relaxed);  // read again
    }
  }

  weir::atomic<std::uint32_t> left;
  weir::atomic<std::uint32_t> users;  // the marks, and who waits
  mark* each = nullptr;
};

}  // namespace

void callbacks::barrier() noexcept {
  WEIR_ASSERT(!engine_.is_inside(), "rcu_barrier() inside a section: it would wait for itself");
  const away meanwhile(engine_);
  marks* all = nullptr;
  {
    const std::lock_guard hold(lock_);
    std::uint32_t n = 0;
    for (const call_rcu_data* w = first_; w != nullptr; w = w->next) ++n;
    all = new (std::nothrow) marks(n);
    if (all != nullptr) all->each = new (std::nothrow) mark[n];
    if (all == nullptr || all->each == nullptr) weir::detail::die("rcu_barrier: there is no memory");
    n = 0;
    for (call_rcu_data* w = first_; w != nullptr; w = w->next) {
      WEIR_ASSERT(!pthread_equal(w->thread, pthread_self()), "rcu_barrier() in a callback: it would wait for itself");
      mark& m = all->each[n++];
      m.all = all;
      m.head.func = [](rcu_head* head) { caa_container_of(head, mark, head)->all->run_one(); };
      w->put(&m.head);
    }
  }
  all->wait();
  all->drop();
}

}  // namespace weir::rcu::urcu
