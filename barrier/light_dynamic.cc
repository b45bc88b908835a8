#include "weir/barrier/light_dynamic.h"

#include "weir/barrier/library.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

constinit light_choice the_light;

void weaken() noexcept {
  // [weaken] Release: the registration comes before. Nothing reads it with acquire, and nothing needs to: see [light].
  the_light.weak.store(1, std::memory_order_release);
}

std::string_view pin() noexcept { return {}; }

}  // namespace per_form
}  // namespace WEIR_FORM
}  // namespace weir::barrier
