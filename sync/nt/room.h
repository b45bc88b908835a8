// The room of handles in the registry of threads: what fork() and the ends of threads have to do with handles, names,
// timers, keys and addresses. Internal.
#pragma once

namespace weir::nt::detail {

// Before the first use of any lock of theirs: from then on what it guards is whole in a child that is forked off. Where
// handles are looked up, or what has been found is used, somebody has called it before. Costs a load, but for the first
// time.
void enter_handles() noexcept;

}  // namespace weir::nt::detail
