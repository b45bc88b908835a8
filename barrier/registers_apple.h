// The strategy registers: on Apple systems, thread_get_register_pointer_values of every other thread. Internal.
#pragma once

#include "weir/barrier/strategy.h"

namespace weir::barrier::detail {

struct registers {
  static constexpr strategy id = strategy::registers;

  static verdict available(wish w) noexcept;
  static verdict install() noexcept;
  static void heavy() noexcept;
};
static_assert(strategy_file<registers>);

}  // namespace weir::barrier::detail
