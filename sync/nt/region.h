// Address space that is reserved as a whole, and backed with memory as that is needed. Internal.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

namespace weir::nt::detail {

struct piece {
  void* start = nullptr;
  std::size_t bytes = 0;
};

// Bytes are whole pages. Thread-safe: yes. Source: mmap(2), mprotect(2), getrlimit(2); VirtualAlloc, VirtualFree.
struct region {
  // Nothing is behind it, and nobody may touch it. `most` bytes, a power of two; fewer where the program would miss
  // them; none, null, if that would be next to nothing. The caller has the lock of a table.
  [[nodiscard]] static piece reserve(std::size_t most) noexcept;
  // Puts memory behind a part of one, zeros. False: there is none.
  [[nodiscard]] static bool back(void* at, std::size_t bytes) noexcept;
  // The whole of one, which nobody uses any more.
  static void release(piece p) noexcept;
  [[nodiscard]] static std::size_t page() noexcept;  // bytes
};

// What the system has, in bytes.
struct address_space {
  [[nodiscard]] static std::size_t limit() noexcept;            // for the whole process
  [[nodiscard]] static void* take(std::size_t bytes) noexcept;  // null: there is not so much left
  // Only the first `bytes` of it are kept. Null: nothing is.
  [[nodiscard]] static void* keep(piece of, std::size_t bytes) noexcept;
};

// What a table takes of it.
struct part {
  static constexpr std::size_t of_all = 16;         // one of so many, or less
  static constexpr std::size_t of_rest = 4;         // of what is left, too
  static constexpr std::size_t least = 256u << 10;  // bytes, less of which are not worth a table
};

// region::reserve(), on whatever has address space. By one thread at a time: for a moment it has part::of_rest times as
// much.
template <class Space>
[[nodiscard]] piece reserve_share(std::size_t most) noexcept {
  std::size_t bytes = std::min(most, std::bit_floor(Space::limit() / part::of_all));
  for (; bytes >= part::least; bytes /= 2) {
    void* const all = Space::take(part::of_rest * bytes);
    if (all == nullptr) continue;
    void* const start = Space::keep({all, part::of_rest * bytes}, bytes);
    if (start != nullptr) return {start, bytes};
  }
  return {};
}

}  // namespace weir::nt::detail
