// Loads and stores of variables that threads share: whole ones, in no order.
#ifndef WEIR_URCU_SYSTEM_H
#define WEIR_URCU_SYSTEM_H

#include <urcu/arch.h>
#include <urcu/compiler.h>

// Of any type that the processor loads and stores at once: aligned to its size.
#define _CMM_LOAD_SHARED(p)                                   \
  __extension__({                                             \
    WEIR_URCU_TYPE_OF(p) weir_urcu_loaded;                    \
    __atomic_load(&(p), &weir_urcu_loaded, __ATOMIC_RELAXED); \
    weir_urcu_loaded;                                         \
  })
#define CMM_LOAD_SHARED(p) _CMM_LOAD_SHARED(p)

// The value stored.
#define _CMM_STORE_SHARED(x, v)                                \
  __extension__({                                              \
    WEIR_URCU_TYPE_OF(x) weir_urcu_stored = (v);               \
    __atomic_store(&(x), &weir_urcu_stored, __ATOMIC_RELAXED); \
    weir_urcu_stored;                                          \
  })
#define CMM_STORE_SHARED(x, v) _CMM_STORE_SHARED(x, v)

#endif
