// Pointers that readers follow while writers replace them.
//
//     reader:  p = rcu_dereference(current);      writer:  rcu_assign_pointer(current, made);
//
// Who gets a pointer by rcu_dereference() sees all that its writer did before it was published.
#ifndef WEIR_URCU_POINTER_H
#define WEIR_URCU_POINTER_H

#include <urcu/arch.h>
#include <urcu/compiler.h>
#include <urcu/uatomic.h>

// [urcu-dereference] Acquire. The interface's word is consume, which no compiler has. Pairs with [urcu-publish].
#define rcu_dereference(p) __atomic_load_n(&(p), __ATOMIC_ACQUIRE)

// [urcu-publish] Release: what the pointer leads to comes first. Pairs with [urcu-dereference].
#define rcu_set_pointer(p, v) __atomic_store_n((p), WEIR_URCU_AS_TARGET(p, v), __ATOMIC_RELEASE)
#define rcu_assign_pointer(p, v) rcu_set_pointer(&(p), v)

// What was there; full barriers before and after.
#define rcu_xchg_pointer(p, v) uatomic_xchg(p, v)
#define rcu_cmpxchg_pointer(p, old, new_) uatomic_cmpxchg(p, old, new_)

// The same as functions, for those who need an address, or speak another language.
static inline __attribute__((unused)) void* rcu_dereference_sym(void* p) {
  cmm_smp_read_barrier_depends();  // the caller has loaded it
  return p;
}
static inline __attribute__((unused)) void* rcu_dereference_sym2(void** p) { return rcu_dereference(*p); }
static inline __attribute__((unused)) void* rcu_set_pointer_sym(void** p, void* v) {
  rcu_set_pointer(p, v);
  return v;
}
static inline __attribute__((unused)) void* rcu_xchg_pointer_sym(void** p, void* v) { return rcu_xchg_pointer(p, v); }
static inline __attribute__((unused)) void* rcu_cmpxchg_pointer_sym(void** p, void* old, void* new_) {
  return rcu_cmpxchg_pointer(p, old, new_);
}

#endif
