#include <cstdlib>

#include "weir/barrier/environment.h"

namespace weir::barrier::detail {

std::string_view environment(const char* name) noexcept {
  const char* value = ::secure_getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace weir::barrier::detail
