#include "weir/barrier/static_mutex.h"

#include <windows.h>

namespace weir::detail {
namespace {

// SRWLOCK_INIT is a null pointer, since Windows Vista; there is nothing to destroy.
static_assert(sizeof(SRWLOCK) == sizeof(void*) && alignof(SRWLOCK) == alignof(void*));
SRWLOCK* as_lock(void** word) noexcept { return reinterpret_cast<SRWLOCK*>(word); }

}  // namespace

void static_mutex::lock() noexcept { ::AcquireSRWLockExclusive(as_lock(&word_)); }
bool static_mutex::try_lock() noexcept { return ::TryAcquireSRWLockExclusive(as_lock(&word_)) != 0; }
void static_mutex::unlock() noexcept { ::ReleaseSRWLockExclusive(as_lock(&word_)); }

}  // namespace weir::detail
