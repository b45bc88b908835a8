// Deleters that need not be kept. Internal to Weir's rooms.
#pragma once

#include <type_traits>

namespace weir::detail {

// What std::default_delete and lambdas without captures are: another one, made where it is needed, does the same.
template <class D>
inline constexpr bool is_stateless =
    std::is_empty_v<D>&& std::is_trivially_default_constructible_v<D>&& std::is_trivially_destructible_v<D>;

}  // namespace weir::detail
