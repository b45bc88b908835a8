// Pages that may not be touched cost no memory; but they count as address space, of which there may be a limit.
#include <limits>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "weir/sync/nt/region.h"

namespace weir::nt::detail {

std::size_t region::share() noexcept {
  std::size_t all = std::numeric_limits<std::size_t>::max();
  rlimit limit;
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur < all) all = static_cast<std::size_t>(limit.rlim_cur);
  return all / shares;
}

void* region::reserve(std::size_t bytes) noexcept {
  void* const start = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
  return start != MAP_FAILED ? start : nullptr;
}

bool region::back(void* at, std::size_t bytes) noexcept { return ::mprotect(at, bytes, PROT_READ | PROT_WRITE) == 0; }

void region::release(void* start, std::size_t bytes) noexcept { ::munmap(start, bytes); }

std::size_t region::page() noexcept { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace weir::nt::detail
