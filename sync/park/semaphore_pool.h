// The Mach semaphores that no thread waits on at the moment. Internal.
#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <mutex>

namespace weir::park::detail {

// Keeps as many as were in use at once lately (in this stretch of 256 waits or the last one), and at least `at_least`:
// it grows with the threads that sleep, and shrinks while fewer do, since what comes back above that is destroyed.
//
//     drawn_      in the hands of threads. All under the lock
//     idle_       here, in names_[0, idle_); the one that was put back last is drawn first
//     room_       of names_
//     peak_, last_peak_   the most that were drawn at once in this stretch, and in the last one
//     returns_    put back in this stretch
class semaphore_pool {
 public:
  static constexpr unsigned at_least = 8;
  static constexpr unsigned stretch = 256;

  struct numbers {
    unsigned drawn;
    unsigned idle;
  };

  constexpr semaphore_pool() noexcept = default;
  semaphore_pool(const semaphore_pool&) = delete;
  semaphore_pool& operator=(const semaphore_pool&) = delete;

  // A semaphore with no signal in it; 0: the system has none. Aborts if it refuses for another reason than shortage.
  [[nodiscard]] std::uint32_t draw() noexcept;
  void put_back(std::uint32_t name) noexcept;
  // What was drawn has been destroyed by somebody else.
  void write_off() noexcept;

  [[nodiscard]] numbers count() noexcept;

  // Around fork(): the child has none of its parent's semaphores.
  void before_fork() noexcept { lock_.lock(); }
  void in_parent() noexcept { lock_.unlock(); }
  void in_child() noexcept;

 private:
  [[nodiscard]] std::uint32_t take_idle() noexcept;
  [[nodiscard]] bool has_room() noexcept;
  [[nodiscard]] unsigned wanted() const noexcept;

  std::mutex lock_;
  std::array<std::uint32_t, 64> first_names_{};
  std::uint32_t* names_ = nullptr;  // null: first_names_
  unsigned room_ = 64;
  unsigned idle_ = 0;
  unsigned drawn_ = 0;
  unsigned peak_ = 0;
  unsigned last_peak_ = 0;
  unsigned returns_ = 0;
};

// That of this process.
[[nodiscard]] semaphore_pool& semaphores() noexcept;

}  // namespace weir::park::detail
