// The sections of memb, mb and bp, for inlining. Internal.
#ifndef WEIR_URCU_WEIR_SECTIONS_H
#define WEIR_URCU_WEIR_SECTIONS_H

#include <urcu/weir/flavour.h>
#include <urcu/weir/record.h>

#define WEIR_URCU_DECLARE_SECTIONS(f)                                                            \
  WEIR_URCU_C_BEGIN                                                                              \
  extern const weir_urcu_newest weir_urcu_##f##_newest WEIR_URCU_SYMBOL(urcu_##f##_domain);      \
  extern WEIR_URCU_TLS_FAST __thread struct weir_urcu_record* weir_urcu_##f##_own;               \
  void weir_urcu_##f##_enter_slowly(void);                                                       \
  void weir_urcu_##f##_leave_slowly(void);                                                       \
  int weir_urcu_##f##_is_inside(void);                                                           \
  WEIR_URCU_C_END                                                                                \
  WEIR_URCU_INLINE void _urcu_##f##_read_lock(void) {                                            \
    if (caa_unlikely(!weir_urcu_try_enter(weir_urcu_##f##_own, &weir_urcu_##f##_newest))) {      \
      weir_urcu_##f##_enter_slowly();                                                            \
    }                                                                                            \
  }                                                                                              \
  WEIR_URCU_INLINE void _urcu_##f##_read_unlock(void) {                                          \
    if (caa_unlikely(!weir_urcu_try_leave(weir_urcu_##f##_own))) weir_urcu_##f##_leave_slowly(); \
  }                                                                                              \
  WEIR_URCU_INLINE int _urcu_##f##_read_ongoing(void) { return weir_urcu_##f##_is_inside(); }    \
  WEIR_URCU_INLINE void _urcu_##f##_quiescent_state(void) {}                                     \
  WEIR_URCU_INLINE void _urcu_##f##_thread_offline(void) {}                                      \
  WEIR_URCU_INLINE void _urcu_##f##_thread_online(void) {}

#endif
