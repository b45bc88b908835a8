// The strategy membarrier on FreeBSD. Internal.
#pragma once

#include "weir/barrier/membarrier.h"

namespace weir::barrier::detail {

// The commands have Linux's numbers: membarrier(2), FreeBSD 14.1.
struct freebsd_membarrier {
  static constexpr long needed = 1 << 3 | 1 << 4;  // MEMBARRIER_CMD_PRIVATE_EXPEDITED and REGISTER_ of it
  static constexpr const char* command = "PRIVATE_EXPEDITED";
  static constexpr const char* since = "FreeBSD 14.1";

  // membarrier(2) with this command. -ENOSYS: libc does not have it.
  static long call(int command_number) noexcept;

  static long query() noexcept;
  static long enlist() noexcept;
  static long expedited() noexcept;
  static void pause() noexcept;
};

using membarrier = membarrier_on<freebsd_membarrier>;
static_assert(strategy_file<membarrier>);

}  // namespace weir::barrier::detail
