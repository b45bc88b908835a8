// The strategy FlushProcessWriteBuffers on Windows. Internal.
#pragma once

#include "weir/barrier/flush.h"

namespace weir::barrier::detail {

struct windows_flush {
  static const char* wine() noexcept;
  static bool find() noexcept;
  static void flush() noexcept;
};

using flush = flush_on<windows_flush>;
static_assert(strategy_file<flush>);

}  // namespace weir::barrier::detail
