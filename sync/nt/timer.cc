#include "weir/sync/nt/timer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <new>
#include <thread>

#include "weir/barrier/forever.h"
#include "weir/barrier/static_mutex.h"
#include "weir/sync/nt/query.h"
#include "weir/sync/nt/segment.h"
#include "weir/sync/nt/self.h"
#include "weir/sync/nt/signal.h"
#include "weir/sync/nt/start_thread.h"
#include "weir/sync/nt/thread_object.h"
#include "weir/sync/nt/ticks.h"
#include "weir/sync/nt/wait.h"

namespace weir::nt::detail {

namespace {

using kind_of_deadline = park::deadline::kind;

// What is to be dropped once the lock is free: a last reference takes it.
class dropped {
 public:
  dropped() = default;
  dropped(const dropped&) = delete;
  dropped& operator=(const dropped&) = delete;
  ~dropped() {
    for (std::size_t i = 0; i < count_; ++i) bodies_[i]->drop();
  }
  void add(body* b) noexcept { bodies_[count_++] = b; }

 private:
  std::array<body*, 4> bodies_{};
  std::size_t count_ = 0;
};

}  // namespace

// The timers that are set, and the thread that waits for the first of them.
struct timer_service {
  weir::detail::static_mutex lock;
  timer_heap heaps[2];          // of the monotonic clock; of the wall clock
  native_cell* wake = nullptr;  // an auto event: there is an earlier one. Null: there is no thread yet
  // Of the thread that is being started. [timer-begun] Release, acquire: what it has made for itself.
  weir::atomic<std::uint32_t> begun{0};
  static constexpr std::uint32_t is_there = 1;
  static constexpr std::uint32_t has_failed = 2;

  [[nodiscard]] timer_heap& heap_of(const park::deadline& d) noexcept {
    return heaps[d.what() == kind_of_deadline::wall ? 1 : 0];
  }

  // Below: under the lock.

  // The thread takes the registry's lock before it says that it is there, and none of ours: we may wait for it.
  [[nodiscard]] bool start() noexcept {
    if (wake != nullptr) return true;
    native_cell* const made = own_segment().make(kind::auto_event, 0, 0, 0);
    if (made == nullptr) return false;
    wake = made;
    begun.store(0, std::memory_order_relaxed);  // nobody else looks at it yet
    if (start_thread(&run, this, 0, signals::blocked)) {
      begun.wait(0, std::memory_order_acquire);                            // [timer-begun]
      if (begun.load(std::memory_order_acquire) == is_there) return true;  // [timer-begun]
    }
    wake = nullptr;
    own_segment().drop(*made);
    return false;
  }

  void insert(timer_object& t) noexcept {
    timer_heap& heap = heap_of(t.due_);
    heap.insert(t, t.due_.at());
    if (heap.first() == &t) set_event(own_segment(), *wake);
  }
  void disarm(timer_object& t, dropped& later) noexcept {
    if (!t.is_linked()) return;
    heap_of(t.due_).remove(t);
    later.add(&t);
  }

  // Whose APC it is from now on; null: nobody's. One that is queued is taken back.
  static void give(timer_object& t, thread_object* to, dropped& later) noexcept {
    if (thread_object* const from = t.thread_; from != nullptr) {
      if (from->apcs.remove(t.apc_, from->apcs_cell())) later.add(&t);
      (t.prior_ != nullptr ? t.prior_->next_ : from->timers) = t.next_;
      if (t.next_ != nullptr) t.next_->prior_ = t.prior_;
      later.add(from);
    }
    t.thread_ = to;
    t.prior_ = nullptr;
    t.next_ = nullptr;
    if (to == nullptr) return;
    to->refer();
    t.has_had_thread_ = true;
    t.next_ = to->timers;
    if (t.next_ != nullptr) t.next_->prior_ = &t;
    to->timers = &t;
  }

  // It is due. Who waits for it alertably finds the object, and not its APC.
  static void signal(timer_object& t) noexcept {
    if (t.thread_ == nullptr) {
      set_event(own_segment(), t.cell());
      return;
    }
    const park::clock& by = own_segment().clock();
    const auto now = static_cast<std::uint64_t>(system_time(by.wall(by)));
    t.refer();
    const auto done = t.thread_->apcs.add(t.apc_, static_cast<std::uint32_t>(now),
                                          static_cast<std::uint32_t>(now >> 32), t.thread_->apcs_cell(), &t.cell());
    // The reference is the queue's, or not needed; it is never the last one: what was set has another.
    if (done != apc_queue::added::now) t.drop();
  }

  // Whether it is to be signaled again: not if nobody could see it, now or later.
  [[nodiscard]] static bool is_wanted(const timer_object& t) noexcept {
    const word::bits w = t.cell().word.load(std::memory_order_relaxed);  // whoever comes later has a handle
    return t.handles() != 0 || (w & (word::queued | word::locked)) != 0;
  }

  // A period after it was due, so that lateness does not add up; moments that have passed meanwhile are left out. After
  // a moment of the wall clock the periods begin now.
  [[nodiscard]] static park::deadline next_after(const timer_object& t) noexcept {
    const park::clock& by = own_segment().clock();
    const std::chrono::nanoseconds now = by.monotonic(by);
    const std::chrono::nanoseconds period = std::chrono::milliseconds(t.period_);
    const std::chrono::nanoseconds was = t.due_.what() == kind_of_deadline::monotonic ? t.due_.at() : now;
    return park::deadline::monotonic(was + period * ((now - was) / period + 1), by);
  }

  void expire(timer_object& t, dropped& later) noexcept {
    heap_of(t.due_).remove(t);
    signal(t);
    if (t.period_ != 0 && is_wanted(t)) {
      t.due_ = next_after(t);
      insert(t);
    } else {
      later.add(&t);
    }
  }

  // One that is due; null: none.
  [[nodiscard]] timer_object* due() noexcept {
    for (timer_heap& heap : heaps) {
      auto* const t = static_cast<timer_object*>(heap.first());
      if (t != nullptr && t->due_.passed()) return t;
    }
    return nullptr;
  }

  // Until when the thread may sleep, if nobody wakes it. Where there are timers of both clocks it looks at both of them
  // every now and then; `nap`: by a real time, since of clocks of a test's own neither may be the one that moves.
  [[nodiscard]] park::timeout until(std::chrono::nanoseconds& nap) noexcept {
    const auto* const monotonic = static_cast<timer_object*>(heaps[0].first());
    const auto* const wall = static_cast<timer_object*>(heaps[1].first());
    if (monotonic == nullptr && wall == nullptr) return park::timeout::never();
    if (monotonic == nullptr) return park::timeout::at(wall->due_.at());
    const std::chrono::nanoseconds left = monotonic->due_.left();
    if (wall == nullptr) return park::timeout::after(left);
    nap = own_segment().clock().recheck;
    return park::timeout::after(std::min({left, wall->due_.left(), park::deadline::notices_steps}));
  }

  // The thread.
  static void run(void* service) noexcept {
    auto& s = *static_cast<timer_service*>(service);
    native_record* const me = self();
    // [timer-begun] Seq_cst, and a read-modify-write, because notify_one() only loads the number of those who wait, and
    // must not do so before the value is visible.
    s.begun.exchange(me != nullptr ? is_there : has_failed, std::memory_order_seq_cst);
    s.begun.notify_one();
    if (me == nullptr) return;
    for (;;) {
      park::timeout sleep;
      std::chrono::nanoseconds nap{0};
      {
        dropped later;
        const std::lock_guard hold(s.lock);
        if (timer_object* const t = s.due(); t != nullptr) {
          s.expire(*t, later);
          continue;
        }
        sleep = s.until(nap);
      }
      if (nap.count() != 0) {
        std::this_thread::sleep_for(nap);
      } else {
        static_cast<void>(wait_one(own_segment(), *me, *s.wake, sleep, nullptr, [] {}));
      }
    }
  }
};

namespace {
constinit weir::detail::forever<timer_service> timers;
}

timer_object::timer_object(native_cell& c) noexcept : body(c, own_functions) {
  apc_.run = &run_apc;
  apc_.release = &release_apc;
  apc_.of = this;
}

body* timer_object::make(native_cell& c) noexcept { return new (std::nothrow) timer_object(c); }

void timer_object::run_apc(const apc& a) noexcept {
  reinterpret_cast<timer_routine>(a.routine)(reinterpret_cast<void*>(a.arguments[0]),  // NOLINT: as it was given
                                             static_cast<std::uint32_t>(a.arguments[1]),
                                             static_cast<std::int32_t>(a.arguments[2]));
}

void timer_object::release_apc(apc& a) noexcept { static_cast<own_apc&>(a).of->drop(); }

// Not set, and in no queue: each of these has a reference.
void timer_object::destroy(body* b) noexcept {
  auto* const t = static_cast<timer_object*>(b);
  dropped later;
  // One that could not be made comes here with the names' lock held, but has never had one.
  if (t->has_had_thread_) {
    const std::lock_guard hold(timers.value.lock);
    timer_service::give(*t, nullptr, later);
  }
  delete t;
}

// Whoever waits for it goes on to do so, and so does it. An APC that is queued stays so, as on Wine.
void timer_object::closed(body& b) noexcept {
  auto& t = static_cast<timer_object&>(b);
  dropped later;
  const std::lock_guard hold(timers.value.lock);
  if (timer_service::is_wanted(t)) return;
  timers.value.disarm(t, later);
}

status timer_object::set(const timer_setting& s, bool& previous) noexcept {
  dropped later;
  const std::lock_guard hold(timers.value.lock);
  if (!timers.value.start()) return status::no_memory;
  timers.value.disarm(*this, later);
  timer_service::give(*this, s.routine != nullptr ? s.thread : nullptr, later);
  if (thread_ != nullptr) thread_->has_set_timers = true;
  previous = reset_event(own_segment(), cell()) != 0;
  apc_.routine = reinterpret_cast<void (*)() noexcept>(s.routine);  // NOLINT: called as what it is
  apc_.arguments[0] = reinterpret_cast<std::uintptr_t>(s.context);
  period_ = s.period;
  due_ = own_segment().start(s.due);
  if (due_.what() == kind_of_deadline::never) return status::success;
  refer();
  timers.value.insert(*this);
  if (due_.passed()) timers.value.expire(*this, later);
  return status::success;
}

bool timer_object::cancel() noexcept {
  dropped later;
  const std::lock_guard hold(timers.value.lock);
  timers.value.disarm(*this, later);
  if (thread_ != nullptr && thread_->apcs.remove(apc_, thread_->apcs_cell())) later.add(this);
  return query_value<segment>(cell()) != 0;
}

timer_object::state timer_object::query() noexcept {
  const std::lock_guard hold(timers.value.lock);
  const std::int64_t left = is_linked() ? due_.left() / std::chrono::nanoseconds(nanoseconds_per_tick) : 0;
  return {left, query_value<segment>(cell()) != 0};
}

void cancel_timers_of(thread_object& t) noexcept {
  for (;;) {
    dropped later;
    const std::lock_guard hold(timers.value.lock);
    timer_object* const first = t.timers;
    if (first == nullptr) return;
    timers.value.disarm(*first, later);
    timer_service::give(*first, nullptr, later);
  }
}

void lock_timers_for_fork() noexcept { timers.value.lock.lock(); }
void unlock_timers_after_fork() noexcept { timers.value.lock.unlock(); }
// They are taken off only: they may be in the middle of anything, and so may be whoever they belong to.
void forget_timers_of_parent() noexcept {
  for (timer_heap& heap : timers.value.heaps) {
    while (heap.first() != nullptr) heap.remove(*heap.first());
  }
  timers.value.wake = nullptr;
}

}  // namespace weir::nt::detail
