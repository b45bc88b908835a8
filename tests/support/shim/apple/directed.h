// A full fence on one other thread, by a signal to it alone. Linux.
#pragma once

namespace weir::shim::apple {

enum class directed { done, gone, no_memory };

// Returns when the thread has executed a sequentially consistent fence in a signal handler, after this call began.
// gone: there is no such thread (any more). For a thread that blocks the signal, membarrier(2) does it.
// Thread-safe: no.
[[nodiscard]] directed fence_on(int tid);

}  // namespace weir::shim::apple
