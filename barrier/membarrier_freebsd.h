// The strategy membarrier on FreeBSD. Internal.
#pragma once

#include "weir/barrier/membarrier.h"

namespace weir::barrier::detail {

struct freebsd_calls {
  static constexpr const char* has_private = "FreeBSD 14.1";
  static constexpr const char* has_global = "FreeBSD 14.1";

  // -ENOSYS: libc does not have it.
  static long call(int command_number) noexcept;
};

using membarrier = membarrier_on<private_expedited<freebsd_calls>>;
static_assert(strategy_file<membarrier>);

}  // namespace weir::barrier::detail
