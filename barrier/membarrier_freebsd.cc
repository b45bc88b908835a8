#include "weir/barrier/membarrier_freebsd.h"

#include <cerrno>
#include <sys/types.h>

// Of a system that has the call: to have the declaration below compared with its own.
#if __has_include(<sys/membarrier.h>)
#include <sys/membarrier.h>
#endif

// Weak: libc has it since 14.1, and on an older system its address is null. Not by syscall(2): the kernel answers an
// unknown number with SIGSYS.
extern "C" int membarrier(int command, unsigned flags, int cpu) __attribute__((weak));

namespace weir::barrier::detail {

long freebsd_calls::call(int command_number) noexcept {
  if (&::membarrier == nullptr) return -ENOSYS;
  const int r = ::membarrier(command_number, 0, 0);
  return r < 0 ? -errno : r;
}

}  // namespace weir::barrier::detail
