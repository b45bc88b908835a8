// What the standard library makes easy: a flag or a number, a mutex, and a condition variable.
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "bench/nt/rounds.h"
#include "bench/support/places.h"

namespace {

thread_local constinit volatile std::uint64_t sink = 0;

// An event lets one through, as a semaphore that counts to one.
class counter {
 public:
  explicit counter(unsigned count, unsigned limit) : count_(count), limit_(limit) {}
  void add() {
    {
      const std::lock_guard hold(lock_);
      if (count_ < limit_) ++count_;
    }
    more_.notify_one();
  }
  void take() {
    std::unique_lock hold(lock_);
    more_.wait(hold, [&] { return count_ != 0; });
    --count_;
  }

 private:
  alignas(128) std::mutex lock_;
  std::condition_variable more_;
  unsigned count_;
  const unsigned limit_;
};

class event {
 public:
  void set() { of_.add(); }
  void wait() { of_.take(); }

 private:
  counter of_{0, 1};
};

class semaphore {
 public:
  void acquire() { of_.take(); }
  void release() { of_.add(); }

 private:
  counter of_{1, 1000};
};

class lock {
 public:
  void acquire() { of_.take(); }
  void release() { of_.add(); }

 private:
  counter of_{1, 1};
};

BENCH_LOOP_AFTER(set_wait, sink, static event e, {
  e.set();
  e.wait();
  ++sum;
})
BENCH_LOOP_AFTER(uncontended_semaphore, sink, static semaphore s, {
  s.acquire();
  s.release();
  ++sum;
})

}  // namespace

int main(int argc, char** argv) {
  static constexpr duet_row rows[] = {
      {"set_wait_uncontended", duet_alone, &set_wait, nullptr},
      {"semaphore_uncontended", duet_alone, &uncontended_semaphore, nullptr},
      bench::zigzag<event>::row("handover_1core", duet_one_core),
      bench::zigzag<event>::row("handover_2core", duet_two_cores),
      bench::zigzag<event>::row("zigzag_2s", duet_anywhere),
      bench::contest<lock>::row("contended_2core", duet_lock),
      bench::contest<lock>::row("contended_10m", duet_lock_anyhow),
      {nullptr, duet_alone, nullptr, nullptr},
  };
  static constexpr duet_program program = {
      .rows = rows,
      .prepare = nullptr,
      .strategy = nullptr,
      .reason = nullptr,
  };
  return duet_main(&program, argc, argv);
}
