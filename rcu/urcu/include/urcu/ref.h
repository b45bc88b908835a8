// A reference count.
#ifndef WEIR_URCU_REF_H
#define WEIR_URCU_REF_H

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <urcu/assert.h>
#include <urcu/uatomic.h>

struct urcu_ref {
  long refcount;
};

WEIR_URCU_INLINE void urcu_ref_set(struct urcu_ref* ref, long val) { uatomic_set(&ref->refcount, val); }

WEIR_URCU_INLINE void urcu_ref_init(struct urcu_ref* ref) { urcu_ref_set(ref, 1); }

// One more, unless `last` is there. `ordered`: with full barriers before and after.
WEIR_URCU_INLINE bool weir_urcu_ref_get(struct urcu_ref* ref, long last, bool ordered) {
  long seen = uatomic_read(&ref->refcount);
  while (seen != last && seen != LONG_MAX) {
    const long found = ordered ? uatomic_cmpxchg(&ref->refcount, seen, seen + 1)
                               : uatomic_cmpxchg_mo(&ref->refcount, seen, seen + 1, CMM_RELAXED, CMM_RELAXED);
    if (found == seen) return true;
    seen = found;
  }
  return false;
}

// False: there would be too many; nothing has changed. No order: who holds a reference has been given it, and the
// object with it.
WEIR_URCU_INLINE bool urcu_ref_get_safe(struct urcu_ref* ref) { return weir_urcu_ref_get(ref, LONG_MAX, false); }

// False: the last one is gone, or there would be too many; nothing has changed. True: a full barrier, as of
// uatomic_cmpxchg().
WEIR_URCU_INLINE bool urcu_ref_get_unless_zero(struct urcu_ref* ref) { return weir_urcu_ref_get(ref, 0, true); }

// Aborts if there would be too many.
WEIR_URCU_INLINE void urcu_ref_get(struct urcu_ref* ref) {
  if (!urcu_ref_get_safe(ref)) abort();
}

// Who gives back the last one calls `release`.
WEIR_URCU_INLINE void urcu_ref_put(struct urcu_ref* ref, void (*release)(struct urcu_ref*)) {
  // [urcu-put] Release: what was done with the object comes before the count is down. Pairs with [urcu-last].
  const long left = uatomic_sub_return_mo(&ref->refcount, 1, CMM_ACQ_REL);
  urcu_assert_debug(left >= 0);
  // [urcu-last] Acquire, by the same operation: the object's end comes after what everybody has done with it. Pairs
  // with [urcu-put].
  if (left == 0) release(ref);
}

#endif
