// A thread's record in a flavour, as C sees it: the first two words of rcu/record.h, with the same ways in and out,
// whose comments say why. Internal.
#ifndef WEIR_URCU_WEIR_RECORD_H
#define WEIR_URCU_WEIR_RECORD_H

#include <stdbool.h>
#include <stdint.h>
#include <urcu/arch.h>
#include <urcu/compiler.h>

struct weir_urcu_record {
  uint64_t entered;
  uint64_t inner;
} __attribute__((__may_alias__));

// Of the domain that a flavour is: the number of its newest period, which is the domain's first word.
typedef uint64_t __attribute__((__may_alias__)) weir_urcu_newest;

// The ways below are for threads whose light() is a compiler's barrier. Any other thread's pointer leads to a record of
// all ones, which they refuse: until it is registered, and for ever where the strategy is one of fences.

WEIR_URCU_INLINE bool weir_urcu_try_enter(struct weir_urcu_record* mine, const weir_urcu_newest* newest) {
  if (caa_likely(__atomic_load_n(&mine->entered, __ATOMIC_RELAXED) == 0)) {
    // [reader-epoch], [reader-enter] and light().
    __atomic_store_n(&mine->entered, __atomic_load_n(newest, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
    cmm_barrier();
    return true;
  }
  if (caa_unlikely(__atomic_load_n(&mine->inner, __ATOMIC_RELAXED) != 0)) return false;
  __atomic_store_n(&mine->inner, 1, __ATOMIC_RELAXED);  // read by ourselves only
  cmm_barrier();
  return true;
}

WEIR_URCU_INLINE bool weir_urcu_try_leave(struct weir_urcu_record* mine) {
  const uint64_t rest = __atomic_load_n(&mine->inner, __ATOMIC_RELAXED);  // our own; the bit is a hint
  if (caa_likely(rest == 0)) {
    __atomic_store_n(&mine->entered, 0, __ATOMIC_RELEASE);  // [reader-leave]
    return true;
  }
  if (caa_unlikely(rest != 1)) return false;
  __atomic_store_n(&mine->inner, 0, __ATOMIC_RELAXED);  // read by ourselves only
  return true;
}

WEIR_URCU_INLINE bool weir_urcu_try_refresh(struct weir_urcu_record* mine, const weir_urcu_newest* newest) {
  if (caa_unlikely(__atomic_load_n(&mine->inner, __ATOMIC_RELAXED) != 0)) return false;
  const uint64_t now = __atomic_load_n(newest, __ATOMIC_ACQUIRE);              // [reader-epoch]
  const uint64_t entered = __atomic_load_n(&mine->entered, __ATOMIC_RELAXED);  // our own
  if (caa_likely(entered == now)) return true;
  if (entered == 0) return false;                           // offline
  __atomic_store_n(&mine->entered, now, __ATOMIC_RELEASE);  // [reader-leave] and [reader-enter] at once
  cmm_barrier();
  return true;
}

#endif
