// Several hazard pointers, made at once.
#pragma once

#include <cstddef>
#include <utility>

#include "weir/hazard/pointer.h"

namespace weir::hazard {

// N pointers, which are used, moved and dropped one by one or together. As pointer otherwise.
// Cost: less than N times make_pointer() if the thread owns none of those that it has made before.
template <std::size_t N>
class [[nodiscard]] array {
 public:
  constexpr array() noexcept : array(each()) {}  // all empty
  WEIR_INLINE array(array&& other) noexcept : array(std::move(other), each()) {}
  WEIR_INLINE array& operator=(array&& other) noexcept {
    assign(std::move(other), each());
    return *this;
  }
  WEIR_INLINE ~array() { drop(each()); }

  [[nodiscard]] WEIR_INLINE pointer& operator[](std::size_t i) noexcept {
    WEIR_ASSERT(i < N, "an array of hazard pointers has no pointer of that number");
    return pointers_[i];
  }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return N; }

  template <std::size_t M>
  friend array<M> try_make_array() noexcept;
  template <std::size_t M>
  friend array<M> make_array();

 private:
  static_assert(N > 0);
  using each = std::make_index_sequence<N>;

  template <std::size_t... I>
  constexpr explicit array(std::index_sequence<I...>) noexcept : pointers_{(static_cast<void>(I), pointer())...} {}
  template <std::size_t... I>
  WEIR_INLINE array(array&& other, std::index_sequence<I...>) noexcept : pointers_{std::move(other.pointers_[I])...} {}
  template <std::size_t... I>
  WEIR_INLINE array(const detail::owned (&slots)[N], std::index_sequence<I...>) noexcept
      : pointers_{pointer(slots[I])...} {}

  template <std::size_t... I>
  WEIR_INLINE void assign(array&& other, std::index_sequence<I...>) noexcept {
    ((pointers_[I] = std::move(other.pointers_[I])), ...);
  }
  template <std::size_t... I>
  WEIR_INLINE void drop(std::index_sequence<I...>) noexcept {
    (pointers_[N - 1 - I].~pointer(), ...);
  }

  template <class Without, std::size_t... I>
  [[nodiscard]] WEIR_INLINE static array make(Without without, std::index_sequence<I...>) {
    if constexpr (N <= detail::slots_in_line) {
      detail::line* const mine = detail::line_of_own();
      if ((mine->slots[I].is_free() && ...)) [[likely]] {
        (mine->slots[I].take(), ...);
        return array({detail::owned(&mine->slots[I])...}, each());
      }
    }
    const detail::owned slots[N] = {(static_cast<void>(I), detail::take_slowly())...};
    if ((slots[I].empty() || ...)) [[unlikely]] {
      ((slots[I].empty() ? void() : slots[I]->drop()), ...);
      without();
      return array();
    }
    return array(slots, each());
  }

  // Of a union, so that they are destroyed one by one, by drop(): the loop of the language's own wants them in memory,
  // and twice as long for three of them.
  union {
    pointer pointers_[N];
  };
};

// N pointers that protect nothing yet; all empty if memory has run out. As try_make_pointer() otherwise.
template <std::size_t N>
[[nodiscard]] WEIR_INLINE array<N> try_make_array() noexcept {
  return array<N>::make([]() noexcept {}, std::make_index_sequence<N>());
}

// The same, but throws std::bad_alloc if memory has run out.
template <std::size_t N>
[[nodiscard]] WEIR_INLINE array<N> make_array() {
  return array<N>::make([] { weir::detail::out_of_memory("there is no memory for an array of hazard pointers"); },
                        std::make_index_sequence<N>());
}

}  // namespace weir::hazard
