// How the library ends a process: one line on stderr, then abort().
//
// Internal. For a kernel that breaks its promise, and for a start under conditions that cannot be met: to go on would
// be to go on unordered.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace weir::detail {

// strerror() of a number that the system itself has given: glibc, musl and bionic need no shared buffer for these.
inline const char* words(int error) noexcept { return std::strerror(error); }  // NOLINT(concurrency-mt-unsafe)

[[noreturn]] inline void die(const char* format, ...) noexcept __attribute__((format(printf, 1, 2)));

[[noreturn]] inline void die(const char* format, ...) noexcept {
  char text[1200];
  va_list args;
  va_start(args, format);
  const int n = std::vsnprintf(text, sizeof text, format, args);
  va_end(args);
  std::fprintf(stderr, "weir: %s\n", n > 0 ? text : format);
  std::abort();
}

}  // namespace weir::detail

// WEIR_ASSERT(condition, "sentence"): misuse that the caller could have seen beforehand. On in debug builds and with
// WEIR_CHECKS=1; otherwise the condition is not evaluated.
#if !defined(NDEBUG) || defined(WEIR_CHECKS)
#define WEIR_ASSERT(condition, sentence) \
  ((condition) ? static_cast<void>(0) : ::weir::detail::die("%s [%s:%d]", sentence, __FILE__, __LINE__))
#else
#define WEIR_ASSERT(condition, sentence) static_cast<void>(sizeof(!(condition)))
#endif
