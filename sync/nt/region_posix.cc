// Pages that may not be touched cost no memory; but they count as address space, of which there may be a limit.
#include <cstdint>
#include <limits>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "weir/sync/nt/region.h"

namespace weir::nt::detail {

std::size_t address_space::limit() noexcept {
  constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
  rlimit set;
  if (::getrlimit(RLIMIT_AS, &set) != 0 || set.rlim_cur == RLIM_INFINITY) return all;
  const auto bytes = static_cast<std::uintmax_t>(set.rlim_cur);
  return bytes < all ? static_cast<std::size_t>(bytes) : all;
}

void* address_space::take(std::size_t bytes) noexcept {
  void* const start = ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
  return start != MAP_FAILED ? start : nullptr;
}

void* address_space::keep(piece of, void* at, std::size_t bytes) noexcept {
  const auto before = static_cast<std::size_t>(static_cast<char*>(at) - static_cast<char*>(of.start));
  if (before != 0) ::munmap(of.start, before);
  const std::size_t after = of.bytes - before - bytes;
  if (after != 0) ::munmap(static_cast<char*>(at) + bytes, after);
  return at;
}

bool region::back(void* at, std::size_t bytes) noexcept { return ::mprotect(at, bytes, PROT_READ | PROT_WRITE) == 0; }

void region::release(piece p) noexcept { ::munmap(p.start, p.bytes); }

std::size_t region::page() noexcept { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace weir::nt::detail
