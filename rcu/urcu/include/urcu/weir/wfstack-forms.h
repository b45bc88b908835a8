// The names under which wfstack.h offers its functions: blocking or not, locked or not, with state or not. Internal.
#ifndef WEIR_URCU_WEIR_WFSTACK_FORMS_H
#define WEIR_URCU_WEIR_WFSTACK_FORMS_H

#include <urcu/wfstack.h>

WEIR_URCU_INLINE void cds_wfs_pop_lock(struct cds_wfs_stack* stack) {
  const int failed = pthread_mutex_lock(&stack->lock);
  urcu_posix_assert(failed == 0);
  (void)failed;
}

WEIR_URCU_INLINE void cds_wfs_pop_unlock(struct cds_wfs_stack* stack) {
  const int failed = pthread_mutex_unlock(&stack->lock);
  urcu_posix_assert(failed == 0);
  (void)failed;
}

// Takes off the newest node; null: empty. *state is 0 or CDS_WFS_STATE_LAST afterwards.
WEIR_URCU_INLINE struct cds_wfs_node* __cds_wfs_pop_with_state_blocking(cds_wfs_stack_ptr_t stack, int* state) {
  return weir_urcu_wfs_pop(stack, state, true);
}
WEIR_URCU_INLINE struct cds_wfs_node* __cds_wfs_pop_with_state_nonblocking(cds_wfs_stack_ptr_t stack, int* state) {
  return weir_urcu_wfs_pop(stack, state, false);
}
WEIR_URCU_INLINE struct cds_wfs_node* __cds_wfs_pop_blocking(cds_wfs_stack_ptr_t stack) {
  return weir_urcu_wfs_pop(stack, NULL, true);
}
WEIR_URCU_INLINE struct cds_wfs_node* __cds_wfs_pop_nonblocking(cds_wfs_stack_ptr_t stack) {
  return weir_urcu_wfs_pop(stack, NULL, false);
}
WEIR_URCU_INLINE struct cds_wfs_node* cds_wfs_pop_with_state_blocking(struct cds_wfs_stack* stack, int* state) {
  cds_wfs_pop_lock(stack);
  struct cds_wfs_node* const node = __cds_wfs_pop_with_state_blocking(weir_urcu_wfs_either(stack), state);
  cds_wfs_pop_unlock(stack);
  return node;
}
WEIR_URCU_INLINE struct cds_wfs_node* cds_wfs_pop_blocking(struct cds_wfs_stack* stack) {
  return cds_wfs_pop_with_state_blocking(stack, NULL);
}
WEIR_URCU_INLINE struct cds_wfs_head* cds_wfs_pop_all_blocking(struct cds_wfs_stack* stack) {
  cds_wfs_pop_lock(stack);
  struct cds_wfs_head* const head = __cds_wfs_pop_all(weir_urcu_wfs_either(stack));
  cds_wfs_pop_unlock(stack);
  return head;
}

// Of what pop_all has taken: the newest node, and the one below `node`; null: none.
WEIR_URCU_INLINE struct cds_wfs_node* cds_wfs_first(struct cds_wfs_head* head) {
  return head != NULL && head != CDS_WFS_END ? &head->node : NULL;
}
WEIR_URCU_INLINE struct cds_wfs_node* weir_urcu_wfs_next(struct cds_wfs_node* node, bool blocking) {
  struct cds_wfs_node* const next = weir_urcu_wfs_follow(node, blocking);
  return (void*)next != (void*)CDS_WFS_END ? next : NULL;
}
WEIR_URCU_INLINE struct cds_wfs_node* cds_wfs_next_blocking(struct cds_wfs_node* node) {
  return weir_urcu_wfs_next(node, true);
}
WEIR_URCU_INLINE struct cds_wfs_node* cds_wfs_next_nonblocking(struct cds_wfs_node* node) {
  return weir_urcu_wfs_next(node, false);
}

// Loops over them; with _safe, the current one may be changed.
#define cds_wfs_for_each_blocking(head, node) \
  for ((node) = cds_wfs_first(head); (node) != NULL; (node) = cds_wfs_next_blocking(node))
#define cds_wfs_for_each_blocking_safe(head, node, n) \
  for ((node) = cds_wfs_first(head); (node) != NULL && ((n) = cds_wfs_next_blocking(node), 1); (node) = (n))

#endif
