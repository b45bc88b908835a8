// An object of static storage that is never destroyed: threads may still use it while the process exits. Internal.
#pragma once

#include <utility>

namespace weir::detail {

template <class T>
union forever {
  constexpr forever() noexcept : value() {}
  template <class First, class... Rest>
  constexpr explicit forever(First&& first, Rest&&... rest) noexcept
      : value(std::forward<First>(first), std::forward<Rest>(rest)...) {}
  ~forever() {}  // NOLINT(modernize-use-equals-default): the point is that nothing is destroyed

  T value;
};

}  // namespace weir::detail
