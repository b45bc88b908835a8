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
  // Of a piece only `bytes` are kept, from `at` on, or elsewhere, if others are quicker. Null: nothing is.
  [[nodiscard]] static void* keep(piece of, void* at, std::size_t bytes) noexcept;
};

// What a table takes of it.
struct part {
  static constexpr std::size_t of_all = 16;         // one of so many, or less
  static constexpr std::size_t of_rest = 4;         // of what is left, too
  static constexpr std::size_t least = 256u << 10;  // bytes, less of which are not worth a table

  // Pieces lie large powers of two apart. Each table begins somewhat further into its own, so that tables that are used
  // together differ in the low bits of their addresses: where they did not, lookups were slower on one processor
  // (HANDLES.md), maybe since it looks for a line of its cache by some of these bits.
  static constexpr std::size_t apart = 512u << 10;
  static constexpr unsigned places = 4;
};

// region::reserve(), on whatever has address space, for the table with this number. By one thread at a time: for a
// moment it has part::of_rest times as much.
template <class Space>
[[nodiscard]] piece reserve_share(std::size_t most, unsigned table) noexcept {
  std::size_t bytes = std::min(most, std::bit_floor(Space::limit() / part::of_all));
  for (; bytes >= part::least; bytes /= 2) {
    const piece all{Space::take(part::of_rest * bytes), part::of_rest * bytes};
    if (all.start == nullptr) continue;
    const std::size_t before = std::min(table % part::places * part::apart, all.bytes - bytes);
    void* const start = Space::keep(all, static_cast<char*>(all.start) + before, bytes);
    if (start != nullptr) return {start, bytes};
  }
  return {};
}

}  // namespace weir::nt::detail
