// One copy of the library in a process.
//
// Internal. A second copy (a static library linked into two shared objects) has its own registry of threads and its own
// choice: its light() would not be known to the first one's users. One file per object format: image_<format>.cc.
#pragma once

namespace weir::barrier::detail {

// Aborts, naming both files, if another loaded image carries a copy of Weir.
void refuse_second_copy() noexcept;

}  // namespace weir::barrier::detail
