// A variable of the environment, or empty. Not read in a program that runs with more rights than its caller (setuid).
//
// Internal. One file per system family: environment_<family>.cc.
#pragma once

#include <string_view>

namespace weir::barrier::detail {

[[nodiscard]] std::string_view environment(const char* name) noexcept;

}  // namespace weir::barrier::detail
