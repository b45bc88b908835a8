// What grace periods ask of their domain. Internal.
#pragma once

#include <cstdint>

#include "weir/barrier/barrier.h"
#include "weir/barrier/thread.h"
#include "weir/rcu/base.h"

namespace weir::rcu {

struct domain_base::view {
  domain_base& d;

  void heavy() { barrier::heavy(); }
  // Number 0 are the strangers, and i + 1 is thread i.
  std::uint32_t bound() { return barrier::thread::bound() + 1; }
  std::uint32_t first_that_holds_up(detail::period n, std::uint32_t from, std::uint32_t end);
  bool holds_up(std::uint32_t i, detail::period n);
  void wait_for(std::uint32_t i, detail::period n);
  bool busy(unsigned round);
  void give_way();
  void note_stall(std::uint32_t i, detail::period n);
};

}  // namespace weir::rcu
