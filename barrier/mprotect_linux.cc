// Linux on other processors: the strategy mprotect is refused there.
#include "weir/barrier/fail.h"
#include "weir/barrier/mprotect_x86.h"

namespace weir::barrier::detail {

verdict judge(const flush_facts&, wish) noexcept {
  return verdict::no("only x86 flushes TLBs by interrupt; elsewhere the hardware broadcasts, which orders nothing");
}

flush_facts look_at_this_machine() noexcept { return {}; }

verdict mprotect::install() noexcept { return judge({}, wish::named); }

void mprotect::heavy() noexcept { weir::detail::die("the strategy mprotect cannot have been chosen here"); }

}  // namespace weir::barrier::detail
