// An object of static storage that is never destroyed: threads may still use it while the process exits. Internal.
#pragma once

namespace weir::detail {

template <class T>
union forever {
  constexpr forever() noexcept : value() {}
  ~forever() {}  // NOLINT(modernize-use-equals-default): the point is that nothing is destroyed

  T value;
};

}  // namespace weir::detail
