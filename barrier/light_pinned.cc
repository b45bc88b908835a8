#include "weir/barrier/light_pinned.h"

#include "weir/barrier/library.h"

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

void weaken() noexcept {}  // light() is as weak as it gets already

std::string_view pin() noexcept { return name(pinned); }

}  // namespace per_form
}  // namespace WEIR_FORM
}  // namespace weir::barrier
