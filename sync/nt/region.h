// Address space that is reserved as a whole, and backed with memory as that is needed. Internal.
#pragma once

#include <cstddef>

namespace weir::nt::detail {

// Bytes are whole pages. Thread-safe: yes. Source: mmap(2), mprotect(2), getrlimit(2); VirtualAlloc, VirtualFree.
struct region {
  static constexpr std::size_t shares = 16;
  // What one table may take of the address space, in bytes: most of it is left to the program.
  [[nodiscard]] static std::size_t share() noexcept;
  // Nothing is behind it, and nobody may touch it. Null: there is no such piece of address space.
  [[nodiscard]] static void* reserve(std::size_t bytes) noexcept;
  // Puts memory behind a part of one, zeros. False: there is none.
  [[nodiscard]] static bool back(void* at, std::size_t bytes) noexcept;
  // The whole of one, which nobody uses any more.
  static void release(void* start, std::size_t bytes) noexcept;
  [[nodiscard]] static std::size_t page() noexcept;  // bytes
};

}  // namespace weir::nt::detail
