// A thread that makes one call at a time, as it is told, and of which can be said whether it is blocked in it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include "tests/support/gate.h"
#include "weir/sync/nt/self.h"

namespace weir::nt::test {

class worker {
 public:
  worker() : thread_([this] { run(); }) {
    static_cast<void>(weir::test::eventually([this] { return record_.load(std::memory_order_acquire) != nullptr; }));
  }
  ~worker() { stop(); }
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  // Begins `what` in the thread; it has done with the last one.
  void begin(std::function<void()> what) {
    const std::lock_guard hold(lock_);
    what_ = std::move(what);
    busy_.store(true, std::memory_order_relaxed);  // under the lock
    changed_.notify_one();
  }
  // Begins it, and waits until it is over. False: it is not, after a very long time.
  [[nodiscard]] bool run(std::function<void()> what) {
    begin(std::move(what));
    return is_over_eventually();
  }

  // What it has written is the caller's to see.
  [[nodiscard]] bool is_over() const { return !busy_.load(std::memory_order_acquire); }
  [[nodiscard]] bool is_over_eventually() const {
    return weir::test::eventually([this] { return is_over(); });
  }

  // It is in the queues of a wait that nobody has ended, and sleeps, or is about to without another look: a thread that
  // merely sleeps may have been claimed already.
  [[nodiscard]] bool is_blocked() const {
    const std::uint32_t state = record().state.load(std::memory_order_acquire);
    return !is_over() && state == (detail::phase::pending | detail::phase::parked);
  }
  [[nodiscard]] bool is_blocked_eventually() const {
    return weir::test::eventually([this] { return is_blocked(); });
  }

  // It waits for `c`, by the first of its objects, and came last.
  [[nodiscard]] bool is_last_eventually(detail::native_cell& c) const {
    return weir::test::eventually([&] {
      const detail::word::bits w = detail::lock(detail::own_segment(), c);
      const std::uint32_t last = c.tail;
      detail::unlock(detail::own_segment(), c, w);
      return last == detail::node_number(record().self, 0) && is_blocked();
    });
  }

  [[nodiscard]] detail::native_record& record() const { return *record_.load(std::memory_order_acquire); }

  // The thread ends, after what it does now.
  void stop() {
    if (!thread_.joinable()) return;
    {
      const std::lock_guard hold(lock_);
      over_ = true;
      changed_.notify_one();
    }
    thread_.join();
  }

 private:
  void run() {
    record_.store(detail::self(), std::memory_order_release);
    std::unique_lock hold(lock_);
    for (;;) {
      changed_.wait(hold, [this] { return over_ || what_ != nullptr; });
      if (what_ == nullptr) return;
      const std::function<void()> what = std::exchange(what_, nullptr);
      hold.unlock();
      what();
      busy_.store(false, std::memory_order_release);
      hold.lock();
    }
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::function<void()> what_;
  bool over_ = false;
  std::atomic<bool> busy_{false};
  std::atomic<detail::native_record*> record_{nullptr};
  std::thread thread_;
};

}  // namespace weir::nt::test
