// A queue for many producers: enqueueing is wait-free, one exchange and one store. What takes out or walks (dequeue,
// splice from, first, next, for_each) excludes its like: by the lock of struct cds_wfcq_head, in the functions without
// underscores, or by the caller, who may use the smaller struct __cds_wfcq_head then.
//
// Those named blocking wait for a producer that is between its two steps; those named nonblocking return
// CDS_WFCQ_WOULDBLOCK instead, and leave all as it was.
//
//     head.node.next   the first node; null: none, or one is about to be linked
//     tail.p           the last node, or &head.node. The chain may be broken before it for a moment, not for ever
//
// Proof and pairs: README.md.
#ifndef WEIR_URCU_WFCQUEUE_H
#define WEIR_URCU_WFCQUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <urcu/assert.h>
#include <urcu/uatomic.h>
#include <urcu/weir/patience.h>

struct cds_wfcq_node {
  struct cds_wfcq_node* next;
};

struct __cds_wfcq_head {
  struct cds_wfcq_node node;
};

struct cds_wfcq_head {
  struct cds_wfcq_node node;
  pthread_mutex_t lock;
};

struct cds_wfcq_tail {
  struct cds_wfcq_node* p;
};

enum cds_wfcq_ret {
  CDS_WFCQ_RET_WOULDBLOCK = -1,
  CDS_WFCQ_RET_DEST_EMPTY = 0,
  CDS_WFCQ_RET_DEST_NON_EMPTY = 1,
  CDS_WFCQ_RET_SRC_EMPTY = 2,
};

enum cds_wfcq_state {
  CDS_WFCQ_STATE_LAST = (1U << 0),  // the queue was empty after the dequeue
};

#define CDS_WFCQ_WOULDBLOCK ((struct cds_wfcq_node*)-1UL)

// Either kind of head. C converts to it from pointers to both; C++ code says cds_wfcq_head_cast(), or sets a member.
typedef union {
  struct __cds_wfcq_head* _h;
  struct cds_wfcq_head* h;
  const struct __cds_wfcq_head* _ch;
  const struct cds_wfcq_head* ch;
} WEIR_URCU_TRANSPARENT cds_wfcq_head_ptr_t;
typedef cds_wfcq_head_ptr_t cds_wfcq_head_const_ptr_t;
#ifdef __cplusplus
WEIR_URCU_INLINE cds_wfcq_head_ptr_t __cds_wfcq_head_cast(struct __cds_wfcq_head* head) {
  cds_wfcq_head_ptr_t either;
  either._h = head;
  return either;
}
WEIR_URCU_INLINE cds_wfcq_head_ptr_t __cds_wfcq_head_const_cast(const struct __cds_wfcq_head* head) {
  cds_wfcq_head_ptr_t either;
  either._ch = head;
  return either;
}
WEIR_URCU_INLINE cds_wfcq_head_ptr_t cds_wfcq_head_cast(struct cds_wfcq_head* head) {
  cds_wfcq_head_ptr_t either;
  either.h = head;
  return either;
}
WEIR_URCU_INLINE cds_wfcq_head_ptr_t cds_wfcq_head_const_cast(const struct cds_wfcq_head* head) {
  cds_wfcq_head_ptr_t either;
  either.ch = head;
  return either;
}
#else
WEIR_URCU_INLINE struct __cds_wfcq_head* __cds_wfcq_head_cast(struct __cds_wfcq_head* head) { return head; }
WEIR_URCU_INLINE const struct __cds_wfcq_head* __cds_wfcq_head_const_cast(const struct __cds_wfcq_head* head) {
  return head;
}
WEIR_URCU_INLINE struct cds_wfcq_head* cds_wfcq_head_cast(struct cds_wfcq_head* head) { return head; }
WEIR_URCU_INLINE const struct cds_wfcq_head* cds_wfcq_head_const_cast(const struct cds_wfcq_head* head) { return head; }
#endif

// Without the conversion, which -Wpedantic tells of.
WEIR_URCU_INLINE cds_wfcq_head_ptr_t weir_urcu_wfcq_either(struct cds_wfcq_head* head) {
  cds_wfcq_head_ptr_t either;
  either.h = head;
  return either;
}

// The first member of both kinds.
WEIR_URCU_INLINE struct cds_wfcq_node* weir_urcu_wfcq_node(cds_wfcq_head_ptr_t head) {
  return (struct cds_wfcq_node*)(void*)head.h;
}

WEIR_URCU_INLINE void cds_wfcq_node_init(struct cds_wfcq_node* node) { node->next = NULL; }
WEIR_URCU_INLINE void cds_wfcq_node_init_atomic(struct cds_wfcq_node* node) { uatomic_set(&node->next, NULL); }

WEIR_URCU_INLINE void __cds_wfcq_init(struct __cds_wfcq_head* head, struct cds_wfcq_tail* tail) {
  cds_wfcq_node_init(&head->node);
  tail->p = &head->node;
}

WEIR_URCU_INLINE void cds_wfcq_init(struct cds_wfcq_head* head, struct cds_wfcq_tail* tail) {
  cds_wfcq_node_init(&head->node);
  tail->p = &head->node;
  const int failed = pthread_mutex_init(&head->lock, NULL);
  urcu_posix_assert(failed == 0);
  (void)failed;
}

WEIR_URCU_INLINE void cds_wfcq_destroy(struct cds_wfcq_head* head, struct cds_wfcq_tail* tail) {
  (void)tail;
  const int failed = pthread_mutex_destroy(&head->lock);
  urcu_posix_assert(failed == 0);
  (void)failed;
}

// Whether nothing is in the queue nor about to be. Needs no exclusion.
WEIR_URCU_INLINE bool cds_wfcq_empty(cds_wfcq_head_const_ptr_t head, const struct cds_wfcq_tail* tail) {
  struct cds_wfcq_node* const dummy = weir_urcu_wfcq_node(head);
  // [wfcq-empty] Acquire: who is told that all has been taken out may look at what the takers did. Pairs with
  // [wfcq-last].
  return uatomic_read(&dummy->next) == NULL && uatomic_load_mo(&tail->p, CMM_ACQUIRE) == dummy;
}

// Links the chain from `first` to `last` behind what is there. False: the queue was empty.
WEIR_URCU_INLINE bool weir_urcu_wfcq_append(struct cds_wfcq_node* dummy, struct cds_wfcq_tail* tail,
                                            struct cds_wfcq_node* first, struct cds_wfcq_node* last) {
  // [wfcq-tail] The place in the queue, and a full barrier, which the interface promises. Release: who appends to
  // `last` finds its next initialized; acquire: the same of ours. Pairs with [wfcq-tail] and [wfcq-last].
  struct cds_wfcq_node* const before = uatomic_xchg(&tail->p, last);
  // [wfcq-link] Release: the nodes are as the producer left them. Pairs with [wfcq-follow].
  uatomic_store_mo(&before->next, first, CMM_RELEASE);
  return before != dummy;
}

// Puts an initialized node behind all others. False: the queue was empty before. Needs no exclusion; wait-free.
WEIR_URCU_INLINE bool cds_wfcq_enqueue(cds_wfcq_head_ptr_t head, struct cds_wfcq_tail* tail,
                                       struct cds_wfcq_node* node) {
  return weir_urcu_wfcq_append(weir_urcu_wfcq_node(head), tail, node, node);
}

WEIR_URCU_INLINE void cds_wfcq_dequeue_lock(struct cds_wfcq_head* head, struct cds_wfcq_tail* tail) {
  (void)tail;
  const int failed = pthread_mutex_lock(&head->lock);
  urcu_posix_assert(failed == 0);
  (void)failed;
}

WEIR_URCU_INLINE void cds_wfcq_dequeue_unlock(struct cds_wfcq_head* head, struct cds_wfcq_tail* tail) {
  (void)tail;
  const int failed = pthread_mutex_unlock(&head->lock);
  urcu_posix_assert(failed == 0);
  (void)failed;
}

// The link of `node`, which is there or is about to be.
WEIR_URCU_INLINE struct cds_wfcq_node* weir_urcu_wfcq_follow(struct cds_wfcq_node* node, bool blocking) {
  for (unsigned round = 0;;) {
    // [wfcq-follow] Acquire: the node behind the link is as its producer left it. Pairs with [wfcq-link].
    struct cds_wfcq_node* const next = uatomic_load_mo(&node->next, CMM_ACQUIRE);
    if (next != NULL) return next;
    if (!blocking) return CDS_WFCQ_WOULDBLOCK;
    weir_urcu_wait_a_little(&round);
  }
}

WEIR_URCU_INLINE struct cds_wfcq_node* weir_urcu_wfcq_first(cds_wfcq_head_ptr_t head, struct cds_wfcq_tail* tail,
                                                            bool blocking) {
  return cds_wfcq_empty(head, tail) ? NULL : weir_urcu_wfcq_follow(weir_urcu_wfcq_node(head), blocking);
}

WEIR_URCU_INLINE struct cds_wfcq_node* weir_urcu_wfcq_next(struct cds_wfcq_tail* tail, struct cds_wfcq_node* node,
                                                           bool blocking) {
  // The last one has no link; that it is the last may have changed since. No order: what is behind a link that is there
  // is ordered by [wfcq-follow].
  struct cds_wfcq_node* const next = uatomic_read(&node->next);
  if (next == NULL && uatomic_read(&tail->p) == node) return NULL;
  return weir_urcu_wfcq_follow(node, blocking);
}

WEIR_URCU_INLINE struct cds_wfcq_node* weir_urcu_wfcq_dequeue(cds_wfcq_head_ptr_t head, struct cds_wfcq_tail* tail,
                                                              int* state, bool blocking) {
  struct cds_wfcq_node* const dummy = weir_urcu_wfcq_node(head);
  if (state != NULL) *state = 0;
  struct cds_wfcq_node* const node = weir_urcu_wfcq_first(head, tail, blocking);
  if (node == NULL || (!blocking && node == CDS_WFCQ_WOULDBLOCK)) return node;
  if (uatomic_read(&node->next) == NULL) {
    // Perhaps the last one. The head's link is cleared before the tail leads there again: who finds it sets the link.
    uatomic_set(&dummy->next, NULL);
    // [wfcq-last] Release: our null comes before the link of who appends to the head; and what was taken out before,
    // for [wfcq-empty]. Acquire: as the producer left it. Pairs with [wfcq-tail].
    if (uatomic_cmpxchg_mo(&tail->p, node, dummy, CMM_ACQ_REL, CMM_RELAXED) == node) {
      if (state != NULL) *state |= CDS_WFCQ_STATE_LAST;
      return node;
    }
  }
  struct cds_wfcq_node* const next = weir_urcu_wfcq_follow(node, blocking);
  if (!blocking && next == CDS_WFCQ_WOULDBLOCK) {
    uatomic_set(&dummy->next, node);  // nobody has looked, but for whether it is null; and the tail is not ours
    return next;
  }
  uatomic_set(&dummy->next, next);  // read by ourselves and our like, under their exclusion
  return node;
}

WEIR_URCU_INLINE enum cds_wfcq_ret weir_urcu_wfcq_splice(cds_wfcq_head_ptr_t to_head, struct cds_wfcq_tail* to_tail,
                                                         cds_wfcq_head_ptr_t from_head, struct cds_wfcq_tail* from_tail,
                                                         bool blocking) {
  struct cds_wfcq_node* const dummy = weir_urcu_wfcq_node(from_head);
  struct cds_wfcq_node* const first = weir_urcu_wfcq_first(from_head, from_tail, blocking);
  if (first == NULL) return CDS_WFCQ_RET_SRC_EMPTY;
  if (!blocking && first == CDS_WFCQ_WOULDBLOCK) return CDS_WFCQ_RET_WOULDBLOCK;
  uatomic_set(&dummy->next, NULL);
  // [wfcq-last] As above: all that is in the queue up to here is ours.
  struct cds_wfcq_node* const last = uatomic_xchg(&from_tail->p, dummy);
  return weir_urcu_wfcq_append(weir_urcu_wfcq_node(to_head), to_tail, first, last) ? CDS_WFCQ_RET_DEST_NON_EMPTY
                                                                                   : CDS_WFCQ_RET_DEST_EMPTY;
}

#include <urcu/weir/wfcqueue-forms.h>

#endif
