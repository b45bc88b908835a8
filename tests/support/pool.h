// An executor for tests: one thread that runs what it is given, in order.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace weir::test {

class pool {
 public:
  pool() : thread_([this] { run(); }) {}
  ~pool() {
    {
      const std::lock_guard hold(lock_);
      over_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  static pool& one() {
    static pool p;
    return p;
  }

  // As rcu::options::execute wants it.
  static bool execute(void* self, void (*work)(void*), void* argument) {
    auto& p = *static_cast<pool*>(self);
    {
      const std::lock_guard hold(p.lock_);
      p.work_.emplace_back(work, argument);
    }
    p.changed_.notify_one();
    return true;
  }

 private:
  void run() {
    std::unique_lock hold(lock_);
    for (;;) {
      changed_.wait(hold, [this] { return over_ || !work_.empty(); });
      if (work_.empty()) return;
      const auto [work, argument] = work_.front();
      work_.pop_front();
      hold.unlock();
      work(argument);
      hold.lock();
    }
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<std::pair<void (*)(void*), void*>> work_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace weir::test
