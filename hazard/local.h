// Objects that are protected for a scope.
//
// Example (tests/hazard/example_test.cc compiles it):
//
//     const weir::hazard::local top(head);   // protects what head points to
//     if (top) use(*top);
//
// When not to use it: where the protection moves along a list, or outlives the scope (pointer.h).
#pragma once

#include <atomic>
#include <cstddef>
#include <tuple>
#include <utility>

#include "weir/hazard/pointer.h"

namespace weir::hazard {

// Protects what each of the sources points to, one after the other, for the life of this object, which neither moves
// nor lives on the heap. Cheaper than make_pointer() and protect(): a slot that protects at once need not be marked
// before. Throws std::bad_alloc if memory has run out. As pointer otherwise.
template <class... T>
class [[nodiscard]] local {
 public:
  WEIR_INLINE explicit local(const std::atomic<T*>&... sources) {
    protect(std::index_sequence_for<T...>(), sources...);
  }
  WEIR_INLINE ~local() { drop(std::index_sequence_for<T...>()); }
  local(const local&) = delete;
  local& operator=(const local&) = delete;
  static void* operator new(std::size_t) = delete;
  static void* operator new[](std::size_t) = delete;

  // What is protected: the I-th, or the first.
  template <std::size_t I = 0>
  [[nodiscard]] WEIR_INLINE auto* get() const noexcept {
    return std::get<I>(objects_);
  }
  [[nodiscard]] WEIR_INLINE auto* operator->() const noexcept { return get<0>(); }
  [[nodiscard]] WEIR_INLINE auto& operator*() const noexcept { return *get<0>(); }
  [[nodiscard]] WEIR_INLINE explicit operator bool() const noexcept { return get<0>() != nullptr; }

 private:
  static constexpr std::size_t count = sizeof...(T);
  static_assert(count > 0);

  template <std::size_t... I>
  WEIR_INLINE void protect(std::index_sequence<I...>, const std::atomic<T*>&... sources) {
    if constexpr (count <= detail::slots_in_line) {
      detail::line* const mine = detail::line_of_own();
      if ((mine->slots[I].is_free() && ...)) [[likely]] {
        ((slots_[I] = detail::owned(&mine->slots[I])), ...);
        ((std::get<I>(objects_) = protect_one(slots_[I], sources)), ...);
        return;
      }
    }
    ((slots_[I] = detail::take_slowly()), ...);
    if ((slots_[I].empty() || ...)) [[unlikely]] {
      ((slots_[I].empty() ? void() : slots_[I]->drop()), ...);
      weir::detail::out_of_memory("there is no memory for a hazard pointer");
    }
    ((std::get<I>(objects_) = protect_one(slots_[I], sources)), ...);
  }

  template <class U>
  WEIR_INLINE static U* protect_one(detail::owned s, const std::atomic<U*>& source) noexcept {
    return detail::protect<U*>(s, source, [](U* p) noexcept { return detail::address_of(p); });
  }

  template <std::size_t... I>
  WEIR_INLINE void drop(std::index_sequence<I...>) noexcept {
    (slots_[I]->drop(), ...);
  }

  detail::owned slots_[count];
  std::tuple<T*...> objects_;
};

}  // namespace weir::hazard
