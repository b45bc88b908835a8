// Tells ThreadSanitizer of an order that it cannot see, between memory accesses that a bare fence orders. Nothing
// otherwise.
//
//     cmm_annotate_define(group);                       cmm_annotate_define(group);
//     cmm_annotate_group_mb_release(&group);            read x
//     cmm_smp_mb();                                     cmm_smp_mb();
//     cmm_annotate_group_mem_release(&group, &x);       cmm_annotate_group_mb_acquire(&group);
//     write x                                           cmm_annotate_group_mem_acquire(&group, &x);
#ifndef WEIR_URCU_ANNOTATE_H
#define WEIR_URCU_ANNOTATE_H

#include <urcu/arch.h>
#include <urcu/debug.h>

struct cmm_annotate {
  int barriers;  // bit 0: an acquire barrier was passed; bit 1: a release barrier
};
typedef struct cmm_annotate cmm_annotate_t __attribute__((unused));

#define cmm_annotate_define(name) cmm_annotate_t name = {0}

#if WEIR_URCU_UNDER_TSAN
#ifdef __cplusplus
extern "C" {
#endif
void __tsan_acquire(void* address);
void __tsan_release(void* address);
#ifdef __cplusplus
}
#endif
#define WEIR_URCU_TSAN_ACQUIRE(mem) __tsan_acquire((void*)(mem))
#define WEIR_URCU_TSAN_RELEASE(mem) __tsan_release((void*)(mem))
#else
#define WEIR_URCU_TSAN_ACQUIRE(mem) ((void)(mem))
#define WEIR_URCU_TSAN_RELEASE(mem) ((void)(mem))
#endif

WEIR_URCU_INLINE void cmm_annotate_group_mb_acquire(cmm_annotate_t* group) { group->barriers |= 1; }
WEIR_URCU_INLINE void cmm_annotate_group_mb_release(cmm_annotate_t* group) { group->barriers |= 2; }

// The barrier must have been told of before.
#define cmm_annotate_group_mem_acquire(group, mem)   \
  do {                                               \
    urcu_assert_debug(((group)->barriers & 1) != 0); \
    WEIR_URCU_TSAN_ACQUIRE(mem);                     \
  } while (0)
#define cmm_annotate_group_mem_release(group, mem)   \
  do {                                               \
    urcu_assert_debug(((group)->barriers & 2) != 0); \
    WEIR_URCU_TSAN_RELEASE(mem);                     \
  } while (0)

// Of an atomic access to `mem` that is itself ordered.
#define cmm_annotate_mem_acquire(mem) WEIR_URCU_TSAN_ACQUIRE(mem)
#define cmm_annotate_mem_release(mem) WEIR_URCU_TSAN_RELEASE(mem)

#endif
