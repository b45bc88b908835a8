// FreeBSD and Apple's systems.
#include <cstdlib>
#include <unistd.h>

#include "weir/barrier/environment.h"

namespace weir::barrier::detail {

std::string_view environment(const char* name) noexcept {
  const char* value = ::issetugid() == 0 ? std::getenv(name) : nullptr;
  return value != nullptr ? value : "";
}

}  // namespace weir::barrier::detail
