// Atomic operations on integers and pointers of 1, 2, 4 and 8 bytes.
//
//     set, read, load, store, add, sub, and, or, inc, dec     no order, unless one is named
//     xchg, cmpxchg, add_return, sub_return                   full barriers before and after, unless an order is named
//
// The forms with _mo take the order as their last argument, a constant of enum cmm_memorder; so may load and store.
// An order that the operation cannot have (acquire of a store) counts as what is left of it. Arguments but the order
// are evaluated once. Source: the interface's uatomic-api.
#ifndef WEIR_URCU_UATOMIC_H
#define WEIR_URCU_UATOMIC_H

#include <urcu/arch.h>
#include <urcu/compiler.h>
#include <urcu/system.h>

#define UATOMIC_HAS_ATOMIC_BYTE
#define UATOMIC_HAS_ATOMIC_SHORT

enum cmm_memorder {
  CMM_RELAXED = __ATOMIC_RELAXED,
  CMM_CONSUME = __ATOMIC_CONSUME,
  CMM_ACQUIRE = __ATOMIC_ACQUIRE,
  CMM_RELEASE = __ATOMIC_RELEASE,
  CMM_ACQ_REL = __ATOMIC_ACQ_REL,
  CMM_SEQ_CST = __ATOMIC_SEQ_CST,
  CMM_SEQ_CST_FENCE = 100,  // seq_cst, with a full barrier on either side
};

// C11's orders for a load, a store, a read-modify-write and a failed exchange.
#define WEIR_URCU_IS_SEQ_CST(mo) ((mo) == CMM_SEQ_CST || (mo) == CMM_SEQ_CST_FENCE)
#define WEIR_URCU_LOAD_ORDER(mo)                                                          \
  (WEIR_URCU_IS_SEQ_CST(mo)                                            ? __ATOMIC_SEQ_CST \
   : (mo) == CMM_ACQUIRE || (mo) == CMM_CONSUME || (mo) == CMM_ACQ_REL ? __ATOMIC_ACQUIRE \
                                                                       : __ATOMIC_RELAXED)
#define WEIR_URCU_STORE_ORDER(mo)                                  \
  (WEIR_URCU_IS_SEQ_CST(mo)                     ? __ATOMIC_SEQ_CST \
   : (mo) == CMM_RELEASE || (mo) == CMM_ACQ_REL ? __ATOMIC_RELEASE \
                                                : __ATOMIC_RELAXED)
#define WEIR_URCU_RMW_ORDER(mo)                \
  (WEIR_URCU_IS_SEQ_CST(mo) ? __ATOMIC_SEQ_CST \
   : (mo) == CMM_ACQ_REL    ? __ATOMIC_ACQ_REL \
   : (mo) == CMM_RELEASE    ? __ATOMIC_RELEASE \
   : (mo) == CMM_RELAXED    ? __ATOMIC_RELAXED \
                            : __ATOMIC_ACQUIRE)

// Of an exchange that may fail: C11 wants it no weaker than the order of a failed one.
#define WEIR_URCU_EXCHANGE_ORDER(mos, mof)                                    \
  (WEIR_URCU_LOAD_ORDER(mof) == __ATOMIC_SEQ_CST   ? __ATOMIC_SEQ_CST         \
   : WEIR_URCU_LOAD_ORDER(mof) == __ATOMIC_RELAXED ? WEIR_URCU_RMW_ORDER(mos) \
   : (mos) == CMM_RELEASE                          ? __ATOMIC_ACQ_REL         \
   : (mos) == CMM_RELAXED                          ? __ATOMIC_ACQUIRE         \
                                                   : WEIR_URCU_RMW_ORDER(mos))

// Around plain loads and stores, and around read-modify-writes.
#define WEIR_URCU_FENCE_IF(mo) ((mo) == CMM_SEQ_CST_FENCE ? (void)cmm_smp_mb() : (void)0)
#if WEIR_URCU_RMW_IS_FULL_FENCE
#define WEIR_URCU_RMW_FENCE_IF(mo) cmm_barrier()
#else
#define WEIR_URCU_RMW_FENCE_IF(mo) WEIR_URCU_FENCE_IF(mo)
#endif

#define uatomic_load_mo(addr, mo)                                                        \
  __extension__({                                                                        \
    WEIR_URCU_FENCE_IF(mo);                                                              \
    WEIR_URCU_AUTO weir_urcu_loaded = __atomic_load_n((addr), WEIR_URCU_LOAD_ORDER(mo)); \
    WEIR_URCU_FENCE_IF(mo);                                                              \
    weir_urcu_loaded;                                                                    \
  })
#define uatomic_store_mo(addr, v, mo)                                                  \
  __extension__({                                                                      \
    WEIR_URCU_FENCE_IF(mo);                                                            \
    __atomic_store_n((addr), WEIR_URCU_AS_TARGET(addr, v), WEIR_URCU_STORE_ORDER(mo)); \
    WEIR_URCU_FENCE_IF(mo);                                                            \
  })
#define uatomic_read_mo(addr, mo) uatomic_load_mo(addr, mo)
#define uatomic_set_mo(addr, v, mo) uatomic_store_mo(addr, v, mo)

#define uatomic_read(addr) __atomic_load_n((addr), __ATOMIC_RELAXED)
#define uatomic_set(addr, v) __atomic_store_n((addr), WEIR_URCU_AS_TARGET(addr, v), __ATOMIC_RELAXED)

// load(addr), load(addr, order), store(addr, v), store(addr, v, order)
#define WEIR_URCU_THIRD(a, b, c, ...) c
#define WEIR_URCU_FOURTH(a, b, c, d, ...) d
#define uatomic_load(...) WEIR_URCU_THIRD(__VA_ARGS__, uatomic_load_mo, uatomic_read, 0)(__VA_ARGS__)
#define uatomic_store(...) WEIR_URCU_FOURTH(__VA_ARGS__, uatomic_store_mo, uatomic_set, 0, 0)(__VA_ARGS__)

// `builtin` with a value: the result of __atomic_<builtin>.
#define WEIR_URCU_RMW(builtin, addr, v, mo)                                                \
  __extension__({                                                                          \
    WEIR_URCU_RMW_FENCE_IF(mo);                                                            \
    WEIR_URCU_AUTO weir_urcu_##builtin =                                                   \
        __atomic_##builtin((addr), WEIR_URCU_AS_TARGET(addr, v), WEIR_URCU_RMW_ORDER(mo)); \
    WEIR_URCU_RMW_FENCE_IF(mo);                                                            \
    weir_urcu_##builtin;                                                                   \
  })
#define uatomic_xchg_mo(addr, v, mo) WEIR_URCU_RMW(exchange_n, addr, v, mo)
#define uatomic_add_return_mo(addr, v, mo) WEIR_URCU_RMW(add_fetch, addr, v, mo)
#define uatomic_sub_return_mo(addr, v, mo) WEIR_URCU_RMW(sub_fetch, addr, v, mo)
#define uatomic_add_mo(addr, v, mo) ((void)WEIR_URCU_RMW(fetch_add, addr, v, mo))
#define uatomic_sub_mo(addr, v, mo) ((void)WEIR_URCU_RMW(fetch_sub, addr, v, mo))
#define uatomic_and_mo(addr, v, mo) ((void)WEIR_URCU_RMW(fetch_and, addr, v, mo))
#define uatomic_or_mo(addr, v, mo) ((void)WEIR_URCU_RMW(fetch_or, addr, v, mo))
#define uatomic_inc_mo(addr, mo) uatomic_add_mo(addr, 1, mo)
#define uatomic_dec_mo(addr, mo) uatomic_sub_mo(addr, 1, mo)

// What was there; the exchange has been made if that is `old`. The two orders are of a made and of a failed exchange.
#define uatomic_cmpxchg_mo(addr, old, new_, mos, mof)                                            \
  __extension__({                                                                                \
    WEIR_URCU_AUTO weir_urcu_expected = WEIR_URCU_AS_TARGET(addr, old);                          \
    WEIR_URCU_RMW_FENCE_IF(mos);                                                                 \
    __atomic_compare_exchange_n((addr), &weir_urcu_expected, WEIR_URCU_AS_TARGET(addr, new_), 0, \
                                WEIR_URCU_EXCHANGE_ORDER(mos, mof), WEIR_URCU_LOAD_ORDER(mof));  \
    WEIR_URCU_RMW_FENCE_IF(mos);                                                                 \
    weir_urcu_expected;                                                                          \
  })

#define uatomic_xchg(addr, v) uatomic_xchg_mo(addr, v, CMM_SEQ_CST_FENCE)
#define uatomic_cmpxchg(addr, old, new_) uatomic_cmpxchg_mo(addr, old, new_, CMM_SEQ_CST_FENCE, CMM_SEQ_CST_FENCE)
#define uatomic_add_return(addr, v) uatomic_add_return_mo(addr, v, CMM_SEQ_CST_FENCE)
#define uatomic_sub_return(addr, v) uatomic_sub_return_mo(addr, v, CMM_SEQ_CST_FENCE)
#define uatomic_add(addr, v) uatomic_add_mo(addr, v, CMM_RELAXED)
#define uatomic_sub(addr, v) uatomic_sub_mo(addr, v, CMM_RELAXED)
#define uatomic_and(addr, v) uatomic_and_mo(addr, v, CMM_RELAXED)
#define uatomic_or(addr, v) uatomic_or_mo(addr, v, CMM_RELAXED)
#define uatomic_inc(addr) uatomic_inc_mo(addr, CMM_RELAXED)
#define uatomic_dec(addr) uatomic_dec_mo(addr, CMM_RELAXED)

// A full barrier before or after an operation that has none by itself.
#define WEIR_URCU_MB_BESIDE_RMW() WEIR_URCU_RMW_FENCE_IF(CMM_SEQ_CST_FENCE)
#define cmm_smp_mb__before_uatomic_add() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__after_uatomic_add() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__before_uatomic_sub() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__after_uatomic_sub() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__before_uatomic_and() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__after_uatomic_and() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__before_uatomic_or() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__after_uatomic_or() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__before_uatomic_inc() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__after_uatomic_inc() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__before_uatomic_dec() WEIR_URCU_MB_BESIDE_RMW()
#define cmm_smp_mb__after_uatomic_dec() WEIR_URCU_MB_BESIDE_RMW()

#endif
