// Threads that go on one at a time, as a seed says: the same seed, the same order of steps.
//
//     schedule::run(seed, {first, second, third});   // each in a thread; point() is where another one may go on
//
// The steps are seen in one order by all: it shows what an algorithm does, and not what its memory orders do. Nothing
// that a thread does between two points may wait for another thread of the schedule.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <random>
#include <vector>

namespace weir::structures {

class schedule {
 public:
  static void run(std::uint32_t seed, const std::vector<std::function<void()>>& bodies);

  // In a thread that belongs to no schedule: nothing, or after jitter() sometimes a yield.
  static void point() noexcept;

  // From now on this thread yields at one point in `rarely`; 0: never.
  static void jitter(std::uint32_t seed, unsigned rarely) noexcept;

 private:
  explicit schedule(std::uint32_t seed);
  void begin(std::size_t self);
  void switch_sometimes();
  void end();
  void wait(std::unique_lock<std::mutex>& hold, std::size_t self);

  static thread_local schedule* mine;
  static thread_local std::size_t self;

  std::mutex lock_;
  std::condition_variable changed_;
  std::mt19937 random_;
  unsigned one_in_ = 1;             // points at which another one goes on
  std::vector<std::size_t> order_;  // of those that have not ended; the first one runs
};

}  // namespace weir::structures
