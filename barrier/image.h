// The image that the library is a part of: the one copy in the process, and there to its end.
//
// Internal. A second copy (a static library linked into two shared objects) has its own registry of threads and its own
// choice: its light() would not be known to the first one's users. One file per object format: image_<format>.cc.
#pragma once

namespace weir::barrier::detail {

// Aborts, naming both files, if another loaded image carries a copy of Weir.
void refuse_second_copy() noexcept;

// Has this image stay loaded until the process ends, also when it is a plug-in that is given back: threads that end
// later still call into it.
void keep_loaded() noexcept;

}  // namespace weir::barrier::detail
