// One T for each thread number, at an address that never changes, found without a lock.
//
// Internal to Weir's rooms. Chunks of doubling size, made when the first thread with a number in them asks, and not
// given back by themselves: a record outlives its thread and serves the next one with its number. Not for data that one
// thread alone uses.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <new>

#include "weir/barrier/atomic.h"
#include "weir/barrier/mutation.h"
#include "weir/barrier/thread.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace thread {

template <class T>
class per_thread {
 public:
  // The record of number `i`, or null if no thread of its chunk has asked for one yet.
  [[nodiscard]] T* find(index i) const noexcept {
    const place p = locate(i);
    T* chunk = chunks_[p.chunk].load(acquire());  // [chunk] the records are constructed
    return chunk != nullptr ? chunk + p.at : nullptr;
  }

  // The first number from `from` on, below `end`, whose record is `wanted`; else `end`. Chunk by chunk: thousands of
  // records cost a load and a branch each.
  template <class Predicate>
  [[nodiscard]] index find_first(index from, index end, Predicate wanted) const noexcept {
    while (from < end) {
      const place p = locate(from);
      const auto here = static_cast<index>(std::min<std::size_t>(size_of(p.chunk) - p.at, end - from));
      const T* const chunk = chunks_[p.chunk].load(acquire());  // [chunk]
      for (index i = 0; chunk != nullptr && i < here; ++i) {
        if (wanted(chunk[p.at + i])) return from + i;
      }
      from += here;
    }
    return end;
  }

  // The record of number `i`, made if need be. Null: out of memory, or `i` is none.
  [[nodiscard]] T* make(index i) noexcept {
    if (i == none) return nullptr;
    const place p = locate(i);
    T* chunk = chunks_[p.chunk].load(acquire());  // [chunk]
    if (chunk == nullptr) chunk = grow(p.chunk);
    return chunk != nullptr ? chunk + p.at : nullptr;
  }

 private:
  WEIR_INLINE static constexpr std::memory_order acquire() noexcept {
    return mutation::order<"chunk">(std::memory_order_acquire);  // [chunk]
  }

  static constexpr index first = 64;  // records in chunk 0, and in chunk 1; then doubling
  static constexpr std::size_t count = std::bit_width((limit - 1) / first) + 1;

  struct place {
    std::size_t chunk;
    std::size_t at;
  };
  static constexpr index start_of(std::size_t chunk) noexcept { return chunk == 0 ? 0 : first << (chunk - 1); }
  static constexpr std::size_t size_of(std::size_t chunk) noexcept { return chunk == 0 ? first : start_of(chunk); }
  static constexpr place locate(index i) noexcept {
    const auto chunk = static_cast<std::size_t>(std::bit_width(i / first));
    return {chunk, i - start_of(chunk)};
  }
  static_assert(locate(63).chunk == 0 && locate(64).chunk == 1 && locate(64).at == 0 && locate(128).chunk == 2);
  static_assert(locate(limit - 1).chunk == count - 1);

  WEIR_COLD T* grow(std::size_t chunk) noexcept {
    T* const made = new (std::nothrow) T[size_of(chunk)];
    if (made == nullptr) return nullptr;
    T* found = nullptr;
    // [chunk] Release: the records are constructed before anybody finds them; acquire: so are those of a faster thread.
    if (chunks_[chunk].compare_exchange_strong(found, made, mutation::order<"chunk">(std::memory_order_acq_rel),
                                               acquire())) {
      return made;
    }
    delete[] made;
    return found;
  }

  std::array<weir::atomic<T*>, count> chunks_{};
};

}  // namespace thread
}  // namespace WEIR_FORM
}  // namespace weir::barrier
