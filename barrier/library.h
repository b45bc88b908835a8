// What the library of one form supplies to barrier.cc: light_dynamic.cc, light_pinned.cc or light_edges.cc; and what
// barrier.cc supplies to tests.
//
// Internal.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/barrier/form.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

// From now on light() may be a compiler barrier: the process is registered. Called once.
void weaken() noexcept;

// The strategy that the build has pinned; empty: none.
[[nodiscard]] std::string_view pin() noexcept;

// Defined in barrier.cc, for tests: the callers of heavy() that wait for another's call, see combiner::waiting().
[[nodiscard]] std::uint32_t heavy_callers_waiting() noexcept;

}  // namespace per_form
}  // namespace WEIR_FORM
}  // namespace weir::barrier

// Defined in the library of every form, so that libraries of two forms in one program are a linker's error.
extern "C" WEIR_ONCE_PER_PROCESS const char weir_barrier_is_built_in_two_forms;
