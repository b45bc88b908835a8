// What the Android that is played says of itself.
#pragma once

namespace weir::shim::android {

// The API level; -1: it cannot be read. In a program that is run anew, WEIR_SHIM_API_LEVEL in its environment. 30 at
// first.
void api_level(int level) noexcept;

}  // namespace weir::shim::android
