// The sections and quiescent states of qsbr, for inlining. Internal.
#ifndef WEIR_URCU_WEIR_STATES_H
#define WEIR_URCU_WEIR_STATES_H

#include <urcu/assert.h>
#include <urcu/weir/flavour.h>
#include <urcu/weir/record.h>

// quiescent_state()  The caller holds nothing at this moment. An offline caller: nothing.
// thread_offline()   It holds nothing until thread_online(). A registered thread is online at first.
// synchronize_rcu() and barrier() are quiescent states of an online caller.
#define WEIR_URCU_DECLARE_STATES(f)                                                                       \
  WEIR_URCU_C_BEGIN                                                                                       \
  extern const weir_urcu_newest weir_urcu_##f##_newest WEIR_URCU_SYMBOL(urcu_##f##_domain);               \
  extern WEIR_URCU_TLS_FAST __thread struct weir_urcu_record* weir_urcu_##f##_own;                        \
  void weir_urcu_##f##_refresh_slowly(void);                                                              \
  int weir_urcu_##f##_is_inside(void);                                                                    \
  WEIR_URCU_C_END                                                                                         \
  WEIR_URCU_INLINE void _urcu_##f##_read_lock(void) { urcu_assert_debug(weir_urcu_##f##_is_inside()); }   \
  WEIR_URCU_INLINE void _urcu_##f##_read_unlock(void) { urcu_assert_debug(weir_urcu_##f##_is_inside()); } \
  WEIR_URCU_INLINE int _urcu_##f##_read_ongoing(void) { return weir_urcu_##f##_is_inside(); }             \
  WEIR_URCU_INLINE void _urcu_##f##_quiescent_state(void) {                                               \
    if (caa_unlikely(!weir_urcu_try_refresh(weir_urcu_##f##_own, &weir_urcu_##f##_newest))) {             \
      weir_urcu_##f##_refresh_slowly();                                                                   \
    }                                                                                                     \
  }                                                                                                       \
  WEIR_URCU_INLINE void _urcu_##f##_thread_offline(void) { urcu_##f##_thread_offline(); }                 \
  WEIR_URCU_INLINE void _urcu_##f##_thread_online(void) { urcu_##f##_thread_online(); }

#endif
