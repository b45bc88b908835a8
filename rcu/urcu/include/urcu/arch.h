// Processors and sanitizers, for C: what barrier/port.h is for C++. No other file of this folder asks the preprocessor
// about them.
//
// Barriers are those of C11, whatever the processor: [atomics.fences]. mb is a sequentially consistent fence, rmb an
// acquire fence (loads before it with everything after), wmb a release fence (everything before it with stores after).
#ifndef WEIR_URCU_ARCH_H
#define WEIR_URCU_ARCH_H

#include <stdint.h>
#include <time.h>
#include <urcu/compiler.h>
#include <urcu/config.h>

// Two lines, because Intel's spatial prefetcher and Apple's 128-byte lines pull neighbours in.
#define CAA_CACHE_LINE_SIZE 128

#if defined(__SANITIZE_THREAD__)
#define WEIR_URCU_UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define WEIR_URCU_UNDER_TSAN 1
#endif
#endif
#ifndef WEIR_URCU_UNDER_TSAN
#define WEIR_URCU_UNDER_TSAN 0
#endif

// A barrier on both sides of a read-modify-write costs nothing on x86, where that is a full barrier by itself (Intel
// SDM vol. 3, 8.2.3.9; AMD APM vol. 2, 7.2). Not under TSan, which reads the source's orders.
#if (defined(__x86_64__) || defined(__i386__)) && !WEIR_URCU_UNDER_TSAN
#define WEIR_URCU_RMW_IS_FULL_FENCE 1
#else
#define WEIR_URCU_RMW_IS_FULL_FENCE 0
#endif

// A variable of a thread that is reached without a call, as port.h has it: bionic and musl would refuse to load an
// image with such a one.
#if defined(__GLIBC__) || defined(__FreeBSD__)
#define WEIR_URCU_TLS_FAST __attribute__((__tls_model__("initial-exec")))
#else
#define WEIR_URCU_TLS_FAST
#endif

// The name by which the linker knows what the interface calls `name`.
#define WEIR_URCU_TEXT_(x) #x
#define WEIR_URCU_TEXT(x) WEIR_URCU_TEXT_(x)
#define WEIR_URCU_SYMBOL(name) __asm__(WEIR_URCU_TEXT(__USER_LABEL_PREFIX__) "weir_" #name)

// Volatile accesses are the compiler's alone to order, so each fence is a barrier for it in so many words.
#define WEIR_URCU_FENCE(order)    \
  __extension__({                 \
    cmm_barrier();                \
    __atomic_thread_fence(order); \
    cmm_barrier();                \
  })

#define cmm_mb() WEIR_URCU_FENCE(__ATOMIC_SEQ_CST)
#define cmm_rmb() WEIR_URCU_FENCE(__ATOMIC_ACQUIRE)
#define cmm_wmb() WEIR_URCU_FENCE(__ATOMIC_RELEASE)
#define cmm_read_barrier_depends() WEIR_URCU_FENCE(__ATOMIC_ACQUIRE)

#define cmm_smp_mb() cmm_mb()
#define cmm_smp_rmb() cmm_rmb()
#define cmm_smp_wmb() cmm_wmb()
#define cmm_smp_read_barrier_depends() cmm_read_barrier_depends()

// Flushes of caches, which are coherent here.
#define cmm_mc() cmm_barrier()
#define cmm_rmc() cmm_barrier()
#define cmm_wmc() cmm_barrier()
#define cmm_smp_mc() cmm_barrier()
#define cmm_smp_rmc() cmm_barrier()
#define cmm_smp_wmc() cmm_barrier()

// A counter that grows as time passes, in a unit of the processor's.
typedef uint64_t caa_cycles_t;
#define HAS_CAA_GET_CYCLES

// caa_cpu_relax(): tells the processor that this is a spin loop. No order but the compiler's.
#if defined(__x86_64__) || defined(__i386__)
#define caa_cpu_relax()     \
  __extension__({           \
    __builtin_ia32_pause(); \
    cmm_barrier();          \
  })
WEIR_URCU_INLINE caa_cycles_t caa_get_cycles(void) { return __builtin_ia32_rdtsc(); }
#elif defined(__aarch64__)
#define caa_cpu_relax() __asm__ __volatile__("yield" : : : "memory")
WEIR_URCU_INLINE caa_cycles_t caa_get_cycles(void) {
  caa_cycles_t now;
  __asm__ __volatile__("mrs %0, cntvct_el0" : "=r"(now));
  return now;
}
#else
#define caa_cpu_relax() cmm_barrier()
WEIR_URCU_INLINE caa_cycles_t caa_get_cycles(void) {
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  return (caa_cycles_t)now.tv_sec * 1000000000u + (caa_cycles_t)now.tv_nsec;
}
#endif

#endif
