// The parker of this system.
#pragma once

#include <type_traits>

#include "weir/barrier/port.h"
#include "weir/sync/park/address.h"
#include "weir/sync/park/futex.h"
#include "weir/sync/park/portable.h"
#include "weir/sync/park/semaphore.h"
#include "weir/sync/park/umtx.h"

namespace weir::park {

template <port::os System, class Parker, class Otherwise>
using where = std::conditional_t<port::system == System, Parker, Otherwise>;

using native = where<
    port::os::linux_kernel, futex,
    where<port::os::apple, semaphore, where<port::os::windows, address, where<port::os::freebsd, umtx, portable>>>>;

static_assert(parker<native>);

}  // namespace weir::park
