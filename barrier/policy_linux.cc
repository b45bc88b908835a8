// A filter of system calls may refuse the call, but asking does no harm: membarrier_linux.h.
#include "weir/barrier/policy.h"

namespace weir::barrier::detail {

verdict membarrier_policy() noexcept { return verdict::yes("no policy"); }

}  // namespace weir::barrier::detail
