// An object format that Weir cannot look through: a second copy is not detected there (docs/platforms.md says where).
#include "weir/barrier/image.h"

namespace weir::barrier::detail {

void refuse_second_copy() noexcept {}

void keep_loaded() noexcept {}

}  // namespace weir::barrier::detail
