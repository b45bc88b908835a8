// defer_rcu(): callbacks in a ring of each thread. Internal; include/urcu/weir/flavour.h documents the calls.
//
// The owner puts in at `head`; who holds the lock takes out at `tail`, and runs what it takes, with the lock held. Who
// waits for the lock is away, since its holder waits for grace periods.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <pthread.h>
#include <sys/types.h>
#include <urcu/defer.h>

#include "weir/barrier/atomic.h"
#include "weir/barrier/port.h"
#include "weir/barrier/static_mutex.h"
#include "weir/rcu/urcu/engine.h"

namespace weir::rcu::urcu {

class deferrals {
 public:
  static constexpr std::size_t size = DEFER_QUEUE_SIZE;

  struct ring {
    struct entry {
      void (*fct)(void*);
      void* p;
    };
    alignas(port::line) weir::atomic<std::size_t> head{0};  // both count on and on
    alignas(port::line) weir::atomic<std::size_t> tail{0};
    std::size_t upto = 0;  // under the lock: up to where a grace period has passed
    ring* next = nullptr;  // under the lock
    std::array<entry, size> entries;
  };

  struct of_thread {
    ring* mine = nullptr;
    bool runs = false;  // it is in a callback, and has the lock
  };

  constexpr explicit deferrals(const engine& e, of_thread& (*own)() noexcept) noexcept : engine_(e), own_(own) {}

  void defer(void (*fct)(void*), void* p) noexcept;
  int register_thread() noexcept;
  void unregister_thread() noexcept;
  void barrier() noexcept;
  void barrier_of_thread() noexcept;
  void exit() noexcept;

 private:
  static void* run(void* self) noexcept;
  void work() noexcept;
  void sleep() noexcept;
  void call() noexcept;
  [[nodiscard]] bool lives() const noexcept;
  bool start() noexcept;
  void stop() noexcept;
  void run_all(ring* only) noexcept;
  void run(ring& r) noexcept;

  const engine& engine_;
  of_thread& (*const own_)() noexcept;
  weir::detail::static_mutex life_;  // of the thread; above lock_
  weir::detail::static_mutex lock_;
  ring* first_ = nullptr;
  pthread_t thread_{};                    // under life_, while there is a ring
  pid_t process_ = 0;                     // whose thread it is; as thread_
  weir::atomic<std::uint32_t> calls_{0};  // changes with each call that must end a sleep
  weir::atomic<std::uint32_t> asleep_{0};
  weir::atomic<std::uint32_t> stop_{0};
};

}  // namespace weir::rcu::urcu
