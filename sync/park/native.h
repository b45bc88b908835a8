// The parker of this system.
#pragma once

#include <type_traits>

#include "weir/barrier/port.h"
#include "weir/sync/park/futex.h"
#include "weir/sync/park/portable.h"

namespace weir::park {

using native = std::conditional_t<port::system == port::os::linux_kernel, futex, portable>;

static_assert(parker<native>);

}  // namespace weir::park
