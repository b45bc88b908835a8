// Android's filter of system calls has membarrier(2) in its list since API level 29, because its runtime uses it.
// Below, a program that calls it, be it only to ask, is killed by SIGSYS.
#include <android/api-level.h>

#include "weir/barrier/policy.h"

namespace weir::barrier::detail {

verdict membarrier_policy() noexcept {
  const int level = ::android_get_device_api_level();
  if (level >= 29) return verdict::yes("API level %d", level);
  if (level < 0) return verdict::no("Android's API level cannot be read, and below 29 the call is deadly: never made");
  return verdict::no("Android's API level is %d, and below 29 the call is deadly: never made", level);
}

}  // namespace weir::barrier::detail
