// A full fence on one other thread, by a signal to it alone. Linux.
#pragma once

namespace weir::shim::apple {

enum class directed { done, gone, no_memory };

// Returns when the thread has executed a sequentially consistent fence in a signal handler, after this call began.
// gone: there is no such thread (any more). A thread that blocks the signal is waited for until it does not.
// Thread-safe: no.
[[nodiscard]] directed fence_on(int tid) noexcept;

}  // namespace weir::shim::apple
