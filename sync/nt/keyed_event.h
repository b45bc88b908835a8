// Keyed events: one thread that waits and one that releases meet at a key, and both go on. Internal.
//
// The object itself has no state. Who comes first waits, whichever of the two it is; those who wait at the same key
// meet in the order in which they have come.
#pragma once

#include <cstdint>

#include "weir/sync/nt/segment.h"
#include "weir/sync/nt/status.h"
#include "weir/sync/park/timeout.h"

namespace weir::nt::detail {

class thread_object;

enum class side : bool { waits, releases };

// `event`: the keyed event's cell, which the caller keeps; 0: the one of the process. success: both have met. timeout;
// alerted, user_apc if `alertable`: they have not.
[[nodiscard]] status meet(number event, std::uintptr_t key, side s, native_record& me, thread_object& thread,
                          bool alertable, const park::timeout& time) noexcept;

void lock_keys_for_fork() noexcept;
void unlock_keys_after_fork() noexcept;
void forget_keys_of_parent() noexcept;  // in a child, which does not have who waits there

}  // namespace weir::nt::detail
