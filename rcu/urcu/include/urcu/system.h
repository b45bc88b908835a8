// Loads and stores of variables that threads share: whole ones, in no order.
#ifndef WEIR_URCU_SYSTEM_H
#define WEIR_URCU_SYSTEM_H

#include <urcu/arch.h>
#include <urcu/compiler.h>

#define _CMM_LOAD_SHARED(p) __atomic_load_n(&(p), __ATOMIC_RELAXED)
#define CMM_LOAD_SHARED(p) _CMM_LOAD_SHARED(p)

// The value stored.
#define _CMM_STORE_SHARED(x, v)                                     \
  __extension__({                                                   \
    WEIR_URCU_AUTO weir_urcu_stored = WEIR_URCU_AS_TARGET(&(x), v); \
    __atomic_store_n(&(x), weir_urcu_stored, __ATOMIC_RELAXED);     \
    weir_urcu_stored;                                               \
  })
#define CMM_STORE_SHARED(x, v) _CMM_STORE_SHARED(x, v)

#endif
