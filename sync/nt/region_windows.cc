#include <limits>
#include <windows.h>

#include "weir/sync/nt/region.h"

namespace weir::nt::detail {

std::size_t address_space::limit() noexcept { return (std::numeric_limits<std::size_t>::max)(); }

void* address_space::take(std::size_t bytes) noexcept {
  return ::VirtualAlloc(nullptr, bytes, MEM_RESERVE, PAGE_NOACCESS);
}

// One is released as a whole only.
void* address_space::keep(piece of, void* at, std::size_t bytes) noexcept {
  ::VirtualFree(of.start, 0, MEM_RELEASE);
  void* const start = ::VirtualAlloc(at, bytes, MEM_RESERVE, PAGE_NOACCESS);
  return start != nullptr ? start : take(bytes);
}

bool region::back(void* at, std::size_t bytes) noexcept {
  return ::VirtualAlloc(at, bytes, MEM_COMMIT, PAGE_READWRITE) != nullptr;
}

void region::release(piece p) noexcept { ::VirtualFree(p.start, 0, MEM_RELEASE); }

std::size_t region::page() noexcept {
  SYSTEM_INFO info;
  ::GetSystemInfo(&info);
  return info.dwPageSize;
}

}  // namespace weir::nt::detail
