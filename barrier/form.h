// The form in which light() and heavy() are compiled, which must be the same in every object of a program.
//
// Internal. Four forms, chosen for the whole build by macros that the build defines (with Bazel:
// --@weir//barrier:form=..., or a dependency on //barrier:model):
//
//   form_dynamic      light() tests one byte; the strategy is chosen when the program starts. The default.
//   form_pin_<name>   WEIR_BARRIER_PIN=<name>: light() is nothing (or a fence, for `fence`); a start on a system that
//                     does not offer <name> aborts.
//   form_edges        WEIR_BARRIER_EDGES: light() and heavy() are read-modify-writes that ThreadSanitizer understands.
//   form_model        WEIR_BARRIER_MODEL: the same under the model checker Relacy.
//
// Objects of different forms in one program would be unordered without a word, so each form has an inline namespace of
// its own (a call compiled for one form does not link with a library of another), and every object refers to a tag that
// only the library of its form defines (an object that calls nothing does not link either).
#pragma once

#include "weir/barrier/port.h"

#define WEIR_FORM_JOIN_(a, b) a##b
#define WEIR_FORM_JOIN(a, b) WEIR_FORM_JOIN_(a, b)

#if defined(WEIR_BARRIER_MODEL)
#if defined(WEIR_BARRIER_PIN) || defined(WEIR_BARRIER_EDGES)
#error "WEIR_BARRIER_MODEL excludes WEIR_BARRIER_PIN and WEIR_BARRIER_EDGES"
#endif
#define WEIR_FORM form_model
#define WEIR_FORM_HEADER "weir/barrier/light_model.h"
#elif defined(WEIR_BARRIER_EDGES)
#if defined(WEIR_BARRIER_PIN)
#error "WEIR_BARRIER_EDGES excludes WEIR_BARRIER_PIN"
#endif
#define WEIR_FORM form_edges
#define WEIR_FORM_HEADER "weir/barrier/light_edges.h"
#elif defined(WEIR_BARRIER_PIN)
#define WEIR_FORM WEIR_FORM_JOIN(form_pin_, WEIR_BARRIER_PIN)
#define WEIR_FORM_HEADER "weir/barrier/light_pinned.h"
#else
#define WEIR_FORM form_dynamic
#define WEIR_FORM_HEADER "weir/barrier/light_dynamic.h"
#endif

namespace weir::barrier {
inline namespace WEIR_FORM {
namespace per_form {

// Defined by the library of this form, and by no other.
WEIR_ONCE_PER_PROCESS extern const char form_tag;
WEIR_KEEP inline const char* const form_reference = &form_tag;

}  // namespace per_form
}  // namespace WEIR_FORM
}  // namespace weir::barrier
