// How functions that the standard lets throw std::bad_alloc say that memory has run out.
//
// Internal. Inline, so that the user's flags decide: the library itself is compiled without exceptions.
#pragma once

#include <new>

#include "weir/barrier/fail.h"

namespace weir::detail {

// Throws, or, where exceptions are off, ends the process with the sentence.
[[noreturn]] inline void out_of_memory([[maybe_unused]] const char* sentence) {
#if defined(__cpp_exceptions)
  throw std::bad_alloc();
#else
  die("%s", sentence);
#endif
}

}  // namespace weir::detail
