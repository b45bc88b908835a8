// Waits at an address while its bytes are what they were: RtlWaitOnAddress. Internal.
#pragma once

#include <cstddef>
#include <cstdint>

#include "weir/sync/nt/segment.h"
#include "weir/sync/nt/status.h"
#include "weir/sync/park/timeout.h"

namespace weir::nt::detail {

class thread_object;

// success: woken, or the first `size` bytes differ from those at `compare` (1, 2, 4 or 8 of them). timeout. The bytes
// are read at once where they are aligned.
[[nodiscard]] status wait_on_address(const void* address, const void* compare, std::size_t size, native_record& me,
                                     thread_object& thread, const park::timeout& time) noexcept;

// Wakes who waits there, oldest first; nobody else later.
void wake_address(const void* address, bool all) noexcept;

void lock_addresses_for_fork() noexcept;
void unlock_addresses_after_fork() noexcept;
void forget_addresses_of_parent() noexcept;  // in a child, which does not have who waits there

}  // namespace weir::nt::detail
