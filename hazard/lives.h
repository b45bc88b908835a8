// All domains that are in use, for the ends of threads and of domains, and for fork(). Internal.
#pragma once

#include <cstdint>

#include "weir/barrier/forever.h"
#include "weir/barrier/static_mutex.h"
#include "weir/barrier/thread.h"

namespace weir::hazard {

class domain;

namespace detail {

struct table;

// So that the end of a thread and a fork() are told of: before the first hazard pointer, and the first domain.
void enter_room() noexcept;

}  // namespace detail

struct room_of_domains {
  constinit static inline weir::detail::forever<weir::detail::static_mutex> lock;
  constinit static inline domain* first = nullptr;
  constinit static inline std::uint64_t numbers = 0;        // given so far
  constinit static inline detail::table* unused = nullptr;  // of domains that are gone

  static void enter() noexcept;
  static void add(domain& d) noexcept;
  // False: a thread that has ended meanwhile has left something to reclaim.
  [[nodiscard]] static bool remove(domain& d) noexcept;

 private:
  static void left(barrier::thread::index i) noexcept;
  static void before_fork() noexcept;
  static void in_parent() noexcept;
  static void in_child(barrier::thread::index self) noexcept;
  static void lost_in_child(barrier::thread::index i) noexcept;

  static barrier::thread::room room;
};

}  // namespace weir::hazard
