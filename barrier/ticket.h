// Sharing somebody else's heavy(): which one comes late enough for the caller, and whether it has ended.
//
// Internal to Weir's rooms. For work that can wait: who takes a ticket when the work comes up needs no heavy() of its
// own if another thread's, whatever it was for, has served the ticket by the time that the work is done.
#pragma once

#include <cstdint>

#include "weir/barrier/form.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

// The number of a heavy() that begins later than this call. With the strategy fence one that never comes: there a
// heavy() costs less than the number.
[[nodiscard]] std::uint64_t heavy_ticket() noexcept;

// Whether that heavy(), or a later one, has ended. If so, it is as if the caller had called it after taking the ticket,
// but for the fence of the caller's own: what another thread knew at a light() before it, the caller knows; and what
// follows a light() after it knows what the caller knew when it took the ticket.
[[nodiscard]] bool heavy_served(std::uint64_t ticket) noexcept;

// Whether a thread is in the middle of one. A hint.
[[nodiscard]] bool heavy_in_progress() noexcept;

}  // namespace per_form
}  // namespace WEIR_FORM
}  // namespace weir::barrier
