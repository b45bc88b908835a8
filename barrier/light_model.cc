// Only the tag: an object of this form and one of another do not link into one program.
#include "weir/barrier/library.h"

extern "C" const char weir_barrier_is_built_in_two_forms = 0;

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

extern const char form_tag = 0;

}  // namespace per_form
}  // namespace WEIR_FORM
}  // namespace weir::barrier
