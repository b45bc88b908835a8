// Several hazard pointers, made at once.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "weir/hazard/pointer.h"

namespace weir::hazard {

// N pointers, which are used, moved and dropped one by one or together. As pointer otherwise.
// Cost: less than N times make_pointer() if the thread owns none of those that it has made before.
template <std::size_t N>
class [[nodiscard]] array {
 public:
  constexpr array() noexcept = default;  // all empty

  [[nodiscard]] WEIR_INLINE pointer& operator[](std::size_t i) noexcept {
    WEIR_ASSERT(i < N, "an array of hazard pointers has no pointer of that number");
    return pointers_[i];
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return N; }

  template <std::size_t M>
  friend array<M> try_make_array() noexcept;

 private:
  static_assert(N > 0);

  template <std::size_t... I>
  WEIR_INLINE void take(std::index_sequence<I...>) noexcept {
    if constexpr (N <= detail::slots_in_line) {
      detail::line* const mine = detail::line_of_own();
      if ((mine->slots[I].is_free() && ...)) [[likely]] {
        (mine->slots[I].take(), ...);
        ((pointers_[I].slot_ = detail::owned(&mine->slots[I])), ...);
        return;
      }
    }
    ((pointers_[I] = try_make_pointer()), ...);
    if ((pointers_[I].empty() || ...)) ((pointers_[I] = pointer()), ...);
  }

  std::array<pointer, N> pointers_;
};

// N pointers that protect nothing yet; all empty if memory has run out. As try_make_pointer() otherwise.
template <std::size_t N>
[[nodiscard]] WEIR_INLINE array<N> try_make_array() noexcept {
  array<N> made;
  made.take(std::make_index_sequence<N>());
  return made;
}

// The same, but throws std::bad_alloc if memory has run out.
template <std::size_t N>
[[nodiscard]] WEIR_INLINE array<N> make_array() {
  array<N> made = try_make_array<N>();
  if (made[0].empty()) [[unlikely]] {
    weir::detail::out_of_memory("there is no memory for an array of hazard pointers");
  }
  return made;
}

}  // namespace weir::hazard
