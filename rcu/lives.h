// All domains that are in use, for the ends of threads, of processes and of domains themselves. Internal.
#pragma once

#include <cstdint>

#include "weir/barrier/forever.h"
#include "weir/barrier/static_mutex.h"
#include "weir/barrier/thread.h"
#include "weir/rcu/base.h"

namespace weir::rcu {

struct room_of_domains {
  constinit static inline weir::detail::forever<weir::detail::static_mutex> lock;
  constinit static inline domain_base* first = nullptr;
  constinit static inline std::uint64_t numbers = 0;        // given so far
  constinit static inline detail::table* unused = nullptr;  // of domains that are gone

  static void add(domain_base& d) noexcept;
  // False: a thread that has ended meanwhile has left something to reclaim.
  [[nodiscard]] static bool remove(domain_base& d) noexcept;

  // Whether another thread is between the beginning and the end of a fork().
  [[nodiscard]] static bool somebody_else_forks() noexcept;

  // Whether the calling thread is inside a section of any domain.
  [[nodiscard]] static bool inside_any() noexcept;

 private:
  static void left(barrier::thread::index i) noexcept;
  static void before_fork() noexcept;
  static void in_parent() noexcept;
  static void in_child(barrier::thread::index self) noexcept;
  static void lost_in_child(barrier::thread::index i) noexcept;
  static void at_exit() noexcept;

  static barrier::thread::room room;
  constinit static inline weir::atomic<std::uint32_t> forking{0};
};

}  // namespace weir::rcu
