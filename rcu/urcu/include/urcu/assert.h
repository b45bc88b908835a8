// Assertions: urcu_posix_assert() is assert(); urcu_assert_debug() is one where DEBUG_RCU or CONFIG_RCU_DEBUG is
// defined, and else does not evaluate its argument.
#ifndef WEIR_URCU_ASSERT_H
#define WEIR_URCU_ASSERT_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <urcu/compiler.h>

#if defined(NDEBUG)
#define urcu_posix_assert(cond) ((void)sizeof(!(cond)))
#else
#define urcu_posix_assert(cond) assert(cond)
#endif

#if defined(DEBUG_RCU) || defined(CONFIG_RCU_DEBUG)
#define urcu_assert_debug(cond) (caa_likely(cond) ? (void)0 : weir_urcu_assertion_failed(#cond, __FILE__, __LINE__))
#else
#define urcu_assert_debug(cond) ((void)sizeof(!(cond)))
#endif

__attribute__((cold, noreturn, unused)) static inline void weir_urcu_assertion_failed(const char* cond,
                                                                                      const char* file, int line) {
  fprintf(stderr, "%s:%d: urcu_assert_debug(%s) failed\n", file, line, cond);
  abort();
}

#endif
