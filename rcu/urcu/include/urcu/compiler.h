// What the other headers need of the compiler: C11 or C++11, and GCC's extensions, which clang has too.
#ifndef WEIR_URCU_COMPILER_H
#define WEIR_URCU_COMPILER_H

#include <stddef.h>

#define caa_likely(x) __builtin_expect(!!(x), 1)
#define caa_unlikely(x) __builtin_expect(!!(x), 0)

// Keeps the compiler from moving memory accesses across; the processor does as it likes.
#define cmm_barrier() __asm__ __volatile__("" : : : "memory")

// One access, neither torn nor repeated nor left out by the compiler; an lvalue. No order.
#define CMM_ACCESS_ONCE(x) (*(__volatile__ __typeof__(x)*)&(x))

// The object of which `ptr` is the member `member`. The unevaluated part compares the types.
#define caa_container_of(ptr, type, member) \
  ((type*)((char*)(ptr) - __builtin_offsetof(type, member) - 0 * sizeof(0 ? (ptr) : &((type*)NULL)->member)))

#define CAA_ARRAY_SIZE(x) (sizeof(x) / sizeof((x)[0]))

#define CAA_BUILD_BUG_ON_ZERO(condition) (sizeof(char[1 - 2 * !!(condition)]) - 1)
#define CAA_BUILD_BUG_ON(condition) ((void)CAA_BUILD_BUG_ON_ZERO(condition))

#define CAA_BITS_PER_LONG (__SIZEOF_LONG__ * 8)

// Whether an integer type has negative values; the bits of an integer, or a pointer, as those of a long of that value.
#define caa_is_signed_type(type) ((type)-1 < (type)1)
#define caa_cast_long_keep_sign(v) ((unsigned long)(v))

#define caa_max(a, b) ((a) > (b) ? (a) : (b))
#define caa_min(a, b) ((a) < (b) ? (a) : (b))

// Marks a pointer that readers follow. For readers of the code.
#define __rcu

// The unqualified type of an initializer.
#if defined(__cplusplus)
#define WEIR_URCU_AUTO auto
#else
#define WEIR_URCU_AUTO __auto_type
#endif

// Of a union as a parameter: each of its members converts to it.
#if defined(__cplusplus)
#define WEIR_URCU_TRANSPARENT
#else
#define WEIR_URCU_TRANSPARENT __attribute__((__transparent_union__))
#endif

// `v` as what `addr` points to; the unqualified type of the variable `x`. Programs may include all this in extern "C".
#if defined(__cplusplus)
extern "C++" {
template <class T>
T weir_urcu_target(const volatile T* addr);  // for its type only
}
#define WEIR_URCU_TYPE_OF(x) __typeof__(weir_urcu_target(&(x)))
#define WEIR_URCU_AS_TARGET(addr, v) ((__typeof__(weir_urcu_target(addr)))(v))
#else
#define WEIR_URCU_TYPE_OF(x) __typeof__(((void)0, (x)))
#define WEIR_URCU_AS_TARGET(addr, v) ((__typeof__(*(addr)))(v))
#endif

#define WEIR_URCU_INLINE static inline __attribute__((always_inline, unused))

// The object whose member at `offset` is *node; null for null.
WEIR_URCU_INLINE void* weir_urcu_entry_or_null(void* node, size_t offset) {
  return node != NULL ? (char*)node - offset : NULL;
}

#endif
