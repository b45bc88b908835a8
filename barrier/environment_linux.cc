#include <cstdlib>
#include <sys/auxv.h>

#include "weir/barrier/environment.h"

namespace weir::barrier::detail {

// Not by secure_getenv(3), which Android's library has only of late.
std::string_view environment(const char* name) noexcept {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): it is, but for programs that change their environment meanwhile
  const char* value = ::getauxval(AT_SECURE) == 0 ? std::getenv(name) : nullptr;
  return value != nullptr ? value : "";
}

}  // namespace weir::barrier::detail
