// A pointer with a mark, in one word.
#pragma once

#include <cstdint>

namespace weir::structures {

// The lowest bit is the mark, the rest the address.
template <class T>
class marked {
 public:
  constexpr marked() noexcept = default;
  explicit marked(T* p, bool mark = false) noexcept
      : word_(reinterpret_cast<std::uintptr_t>(p) | std::uintptr_t{mark}) {
    static_assert(alignof(T) > 1);
  }

  [[nodiscard]] T* pointer() const noexcept {
    return reinterpret_cast<T*>(word_ & ~std::uintptr_t{1});  // NOLINT(performance-no-int-to-ptr): the mark is in it
  }
  [[nodiscard]] bool mark() const noexcept { return (word_ & 1) != 0; }

  friend bool operator==(marked a, marked b) noexcept { return a.word_ == b.word_; }

 private:
  std::uintptr_t word_ = 0;
};

}  // namespace weir::structures
