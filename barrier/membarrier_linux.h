// The strategy membarrier on Linux. Internal.
#pragma once

#include "weir/barrier/membarrier.h"
#include "weir/barrier/policy.h"

namespace weir::barrier::detail {

struct linux_calls {
  static constexpr const char* has_private = "Linux 4.14";
  static constexpr const char* has_global = "Linux 4.16";

  // A call that a sigsys_guard has caught is -ENOSYS.
  static long call(int command_number) noexcept;
};

using membarrier = membarrier_on<private_expedited<linux_calls>>;

// While an object of this type lives, a filter of system calls that answers membarrier(2) with SIGSYS (Android's does,
// and QUERY itself is answered so) is seen as ENOSYS instead of killing the process. Another call's SIGSYS goes to
// whoever handled it before. For the first calls only: the handler is the whole process's. One guard lives at a time; a
// second thread's waits.
class sigsys_guard {
 public:
  sigsys_guard() noexcept;
  ~sigsys_guard();
  sigsys_guard(const sigsys_guard&) = delete;
  sigsys_guard& operator=(const sigsys_guard&) = delete;
};

struct guarded_membarrier : membarrier {
  static verdict available(wish w) noexcept {
    if (const verdict allowed = membarrier_policy(); !allowed) return allowed;
    const sigsys_guard guard;
    return membarrier::available(w);
  }
  static verdict install() noexcept {
    const sigsys_guard guard;
    return membarrier::install();
  }
};
static_assert(strategy_file<guarded_membarrier>);

}  // namespace weir::barrier::detail
