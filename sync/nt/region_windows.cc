#include <limits>
#include <windows.h>

#include "weir/sync/nt/region.h"

namespace weir::nt::detail {

std::size_t region::share() noexcept { return std::numeric_limits<std::size_t>::max() / shares; }

void* region::reserve(std::size_t bytes) noexcept { return ::VirtualAlloc(nullptr, bytes, MEM_RESERVE, PAGE_NOACCESS); }

bool region::back(void* at, std::size_t bytes) noexcept {
  return ::VirtualAlloc(at, bytes, MEM_COMMIT, PAGE_READWRITE) != nullptr;
}

void region::release(void* start, std::size_t) noexcept { ::VirtualFree(start, 0, MEM_RELEASE); }

std::size_t region::page() noexcept {
  SYSTEM_INFO info;
  ::GetSystemInfo(&info);
  return info.dwPageSize;
}

}  // namespace weir::nt::detail
