// One ordering weakened on purpose, by the name of its pair, to see which test notices.
//
// Internal. In a normal build every function here is a constant and vanishes. A build with WEIR_MUTATION=<name>
// (--//barrier:mutation=<name>) weakens the one site of that name; under the model checker the name is a variable, so
// that one program tries them all. docs/testing.md has the table of who notices what.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string_view>

namespace weir::mutation {

template <std::size_t N>
struct site {
  char text[N];
  consteval site(const char (&name)[N]) { std::copy_n(name, N, text); }  // NOLINT: a literal is the point
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};

#if defined(WEIR_BARRIER_MODEL)

inline std::string_view active;  // set by a model between two searches

template <site Name>
[[nodiscard]] bool removed() noexcept {
  return active == Name.view();
}

#else

#define WEIR_MUTATION_TEXT_(x) #x
#define WEIR_MUTATION_TEXT(x) WEIR_MUTATION_TEXT_(x)
#if defined(WEIR_MUTATION)
inline constexpr std::string_view active = WEIR_MUTATION_TEXT(WEIR_MUTATION);
#else
inline constexpr std::string_view active = "none";
#endif

// Whether the named site is to be left out.
template <site Name>
[[nodiscard]] constexpr bool removed() noexcept {
  return active == Name.view();
}

#endif

// The order that the named site asks for, or `left`, where it is to be weakened.
template <site Name>
[[nodiscard]] constexpr std::memory_order order(std::memory_order asked,
                                                std::memory_order left = std::memory_order_relaxed) noexcept {
  return removed<Name>() ? left : asked;
}

}  // namespace weir::mutation
