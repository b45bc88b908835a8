// The names under which wfcqueue.h offers its functions: blocking or not, locked or not, with state or not. Internal.
#ifndef WEIR_URCU_WEIR_WFCQUEUE_FORMS_H
#define WEIR_URCU_WEIR_WFCQUEUE_FORMS_H

#include <urcu/wfcqueue.h>

// The oldest node; null: empty.
WEIR_URCU_INLINE struct cds_wfcq_node* __cds_wfcq_first_blocking(cds_wfcq_head_ptr_t head, struct cds_wfcq_tail* tail) {
  return weir_urcu_wfcq_first(head, tail, true);
}
WEIR_URCU_INLINE struct cds_wfcq_node* __cds_wfcq_first_nonblocking(cds_wfcq_head_ptr_t head,
                                                                    struct cds_wfcq_tail* tail) {
  return weir_urcu_wfcq_first(head, tail, false);
}

// The one after `node`; null: that is the last.
WEIR_URCU_INLINE struct cds_wfcq_node* __cds_wfcq_next_blocking(cds_wfcq_head_ptr_t head, struct cds_wfcq_tail* tail,
                                                                struct cds_wfcq_node* node) {
  (void)head;
  return weir_urcu_wfcq_next(tail, node, true);
}
WEIR_URCU_INLINE struct cds_wfcq_node* __cds_wfcq_next_nonblocking(cds_wfcq_head_ptr_t head, struct cds_wfcq_tail* tail,
                                                                   struct cds_wfcq_node* node) {
  (void)head;
  return weir_urcu_wfcq_next(tail, node, false);
}

// Takes out the oldest node; null: empty. *state is 0 or CDS_WFCQ_STATE_LAST afterwards.
WEIR_URCU_INLINE struct cds_wfcq_node* __cds_wfcq_dequeue_with_state_blocking(cds_wfcq_head_ptr_t head,
                                                                              struct cds_wfcq_tail* tail, int* state) {
  return weir_urcu_wfcq_dequeue(head, tail, state, true);
}
WEIR_URCU_INLINE struct cds_wfcq_node* __cds_wfcq_dequeue_with_state_nonblocking(cds_wfcq_head_ptr_t head,
                                                                                 struct cds_wfcq_tail* tail,
                                                                                 int* state) {
  return weir_urcu_wfcq_dequeue(head, tail, state, false);
}
WEIR_URCU_INLINE struct cds_wfcq_node* __cds_wfcq_dequeue_blocking(cds_wfcq_head_ptr_t head,
                                                                   struct cds_wfcq_tail* tail) {
  return weir_urcu_wfcq_dequeue(head, tail, NULL, true);
}
WEIR_URCU_INLINE struct cds_wfcq_node* __cds_wfcq_dequeue_nonblocking(cds_wfcq_head_ptr_t head,
                                                                      struct cds_wfcq_tail* tail) {
  return weir_urcu_wfcq_dequeue(head, tail, NULL, false);
}
WEIR_URCU_INLINE struct cds_wfcq_node* cds_wfcq_dequeue_with_state_blocking(struct cds_wfcq_head* head,
                                                                            struct cds_wfcq_tail* tail, int* state) {
  cds_wfcq_dequeue_lock(head, tail);
  struct cds_wfcq_node* const node = __cds_wfcq_dequeue_with_state_blocking(weir_urcu_wfcq_either(head), tail, state);
  cds_wfcq_dequeue_unlock(head, tail);
  return node;
}
WEIR_URCU_INLINE struct cds_wfcq_node* cds_wfcq_dequeue_blocking(struct cds_wfcq_head* head,
                                                                 struct cds_wfcq_tail* tail) {
  return cds_wfcq_dequeue_with_state_blocking(head, tail, NULL);
}

// Moves all nodes of the source, as one piece, behind those of the destination. Of the source it excludes what takes
// out; of the destination nothing.
WEIR_URCU_INLINE enum cds_wfcq_ret __cds_wfcq_splice_blocking(cds_wfcq_head_ptr_t dest_head,
                                                              struct cds_wfcq_tail* dest_tail,
                                                              cds_wfcq_head_ptr_t src_head,
                                                              struct cds_wfcq_tail* src_tail) {
  return weir_urcu_wfcq_splice(dest_head, dest_tail, src_head, src_tail, true);
}
WEIR_URCU_INLINE enum cds_wfcq_ret __cds_wfcq_splice_nonblocking(cds_wfcq_head_ptr_t dest_head,
                                                                 struct cds_wfcq_tail* dest_tail,
                                                                 cds_wfcq_head_ptr_t src_head,
                                                                 struct cds_wfcq_tail* src_tail) {
  return weir_urcu_wfcq_splice(dest_head, dest_tail, src_head, src_tail, false);
}
WEIR_URCU_INLINE enum cds_wfcq_ret cds_wfcq_splice_blocking(struct cds_wfcq_head* dest_head,
                                                            struct cds_wfcq_tail* dest_tail,
                                                            struct cds_wfcq_head* src_head,
                                                            struct cds_wfcq_tail* src_tail) {
  cds_wfcq_dequeue_lock(src_head, src_tail);
  const enum cds_wfcq_ret what = __cds_wfcq_splice_blocking(weir_urcu_wfcq_either(dest_head), dest_tail,
                                                            weir_urcu_wfcq_either(src_head), src_tail);
  cds_wfcq_dequeue_unlock(src_head, src_tail);
  return what;
}

// Loops from the oldest node to the last; with _safe, the current one may be changed.
#define __cds_wfcq_for_each_blocking(head, tail, node)                     \
  for ((node) = __cds_wfcq_first_blocking((head), (tail)); (node) != NULL; \
       (node) = __cds_wfcq_next_blocking((head), (tail), (node)))
#define __cds_wfcq_for_each_blocking_safe(head, tail, node, n) \
  for ((node) = __cds_wfcq_first_blocking((head), (tail));     \
       (node) != NULL && ((n) = __cds_wfcq_next_blocking((head), (tail), (node)), 1); (node) = (n))

#endif
