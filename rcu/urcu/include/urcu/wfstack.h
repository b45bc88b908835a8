// A stack for many producers: pushing is wait-free, one exchange and one store. Poppers exclude one another, and
// pop_all, by the lock of struct cds_wfs_stack, in the functions without underscores, or by other means of the
// caller's, who may use the smaller struct __cds_wfs_stack then; pop_all may run beside another pop_all without any.
//
// Those named blocking wait for a producer that is between its two steps; those named nonblocking return
// CDS_WFS_WOULDBLOCK instead, and leave all as it was.
//
//     head         the newest node; CDS_WFS_END: none
//     node.next    the one below; CDS_WFS_END: none; null: about to be linked
//
// Proof and pairs: README.md.
#ifndef WEIR_URCU_WFSTACK_H
#define WEIR_URCU_WFSTACK_H

#include <pthread.h>
#include <stdbool.h>
#include <urcu/assert.h>
#include <urcu/uatomic.h>
#include <urcu/weir/patience.h>

struct cds_wfs_node {
  struct cds_wfs_node* next;
};

struct cds_wfs_head {  // all nodes that pop_all has taken; its address is that of the newest
  struct cds_wfs_node node;
};

struct __cds_wfs_stack {
  struct cds_wfs_head* head;
};

struct cds_wfs_stack {
  struct cds_wfs_head* head;
  pthread_mutex_t lock;
};

enum cds_wfs_state {
  CDS_WFS_STATE_LAST = (1U << 0),  // the stack was empty after the pop
};

#define CDS_WFS_WOULDBLOCK ((struct cds_wfs_node*)-1UL)
#define CDS_WFS_END ((struct cds_wfs_head*)0x1UL)

// Either kind of stack. C converts to it from pointers to both; C++ code says cds_wfs_stack_cast(), or sets a member.
typedef union {
  struct __cds_wfs_stack* _s;
  struct cds_wfs_stack* s;
  const struct __cds_wfs_stack* _cs;
  const struct cds_wfs_stack* cs;
} WEIR_URCU_TRANSPARENT cds_wfs_stack_ptr_t;
typedef cds_wfs_stack_ptr_t cds_wfs_stack_const_ptr_t;
#ifdef __cplusplus
WEIR_URCU_INLINE cds_wfs_stack_ptr_t __cds_wfs_stack_cast(struct __cds_wfs_stack* stack) {
  cds_wfs_stack_ptr_t either;
  either._s = stack;
  return either;
}
WEIR_URCU_INLINE cds_wfs_stack_ptr_t __cds_wfs_stack_const_cast(const struct __cds_wfs_stack* stack) {
  cds_wfs_stack_ptr_t either;
  either._cs = stack;
  return either;
}
WEIR_URCU_INLINE cds_wfs_stack_ptr_t cds_wfs_stack_cast(struct cds_wfs_stack* stack) {
  cds_wfs_stack_ptr_t either;
  either.s = stack;
  return either;
}
WEIR_URCU_INLINE cds_wfs_stack_ptr_t cds_wfs_stack_const_cast(const struct cds_wfs_stack* stack) {
  cds_wfs_stack_ptr_t either;
  either.cs = stack;
  return either;
}
#else
WEIR_URCU_INLINE struct __cds_wfs_stack* __cds_wfs_stack_cast(struct __cds_wfs_stack* stack) { return stack; }
WEIR_URCU_INLINE const struct __cds_wfs_stack* __cds_wfs_stack_const_cast(const struct __cds_wfs_stack* stack) {
  return stack;
}
WEIR_URCU_INLINE struct cds_wfs_stack* cds_wfs_stack_cast(struct cds_wfs_stack* stack) { return stack; }
WEIR_URCU_INLINE const struct cds_wfs_stack* cds_wfs_stack_const_cast(const struct cds_wfs_stack* stack) {
  return stack;
}
#endif

// Without the conversion, which -Wpedantic tells of.
WEIR_URCU_INLINE cds_wfs_stack_ptr_t weir_urcu_wfs_either(struct cds_wfs_stack* stack) {
  cds_wfs_stack_ptr_t either;
  either.s = stack;
  return either;
}

// The first member of both kinds.
WEIR_URCU_INLINE struct cds_wfs_head** weir_urcu_wfs_top(cds_wfs_stack_ptr_t stack) {
  return (struct cds_wfs_head**)(void*)stack.s;
}

WEIR_URCU_INLINE void cds_wfs_node_init(struct cds_wfs_node* node) { node->next = NULL; }

WEIR_URCU_INLINE void __cds_wfs_init(struct __cds_wfs_stack* stack) { stack->head = CDS_WFS_END; }

WEIR_URCU_INLINE void cds_wfs_init(struct cds_wfs_stack* stack) {
  stack->head = CDS_WFS_END;
  const int failed = pthread_mutex_init(&stack->lock, NULL);
  urcu_posix_assert(failed == 0);
  (void)failed;
}

WEIR_URCU_INLINE void cds_wfs_destroy(struct cds_wfs_stack* stack) {
  const int failed = pthread_mutex_destroy(&stack->lock);
  urcu_posix_assert(failed == 0);
  (void)failed;
}

// Needs no exclusion.
WEIR_URCU_INLINE bool cds_wfs_empty(cds_wfs_stack_const_ptr_t stack) {
  return uatomic_read(weir_urcu_wfs_top(stack)) == CDS_WFS_END;
}

// Puts an initialized node on top. 0: the stack was empty before; else 1. Needs no exclusion; wait-free.
WEIR_URCU_INLINE int cds_wfs_push(cds_wfs_stack_ptr_t stack, struct cds_wfs_node* node) {
  // [wfs-top] The place in the stack, and a full barrier, which the interface promises. Release: the node is as we left
  // it. Pairs with [wfs-take].
  struct cds_wfs_head* const below = uatomic_xchg(weir_urcu_wfs_top(stack), (struct cds_wfs_head*)(void*)node);
  // [wfs-link] Release: also what was below, which the exchange has read, comes before. Pairs with [wfs-follow].
  uatomic_store_mo(&node->next, (struct cds_wfs_node*)(void*)below, CMM_RELEASE);
  return below != CDS_WFS_END;
}

// The link of `node`, which is there or is about to be.
WEIR_URCU_INLINE struct cds_wfs_node* weir_urcu_wfs_follow(struct cds_wfs_node* node, bool blocking) {
  for (unsigned round = 0;;) {
    // [wfs-follow] Acquire: the node below is as its producer left it. Pairs with [wfs-link].
    struct cds_wfs_node* const next = uatomic_load_mo(&node->next, CMM_ACQUIRE);
    if (next != NULL) return next;
    if (!blocking) return CDS_WFS_WOULDBLOCK;
    weir_urcu_wait_a_little(&round);
  }
}

WEIR_URCU_INLINE struct cds_wfs_node* weir_urcu_wfs_pop(cds_wfs_stack_ptr_t stack, int* state, bool blocking) {
  struct cds_wfs_head** const top = weir_urcu_wfs_top(stack);
  if (state != NULL) *state = 0;
  for (;;) {
    // [wfs-take] Acquire: the node is as its producer left it. Pairs with [wfs-top].
    struct cds_wfs_head* const head = uatomic_load_mo(top, CMM_ACQUIRE);
    if (head == CDS_WFS_END) return NULL;
    struct cds_wfs_node* const next = weir_urcu_wfs_follow(&head->node, blocking);
    if (!blocking && next == CDS_WFS_WOULDBLOCK) return next;
    struct cds_wfs_head* const below = (struct cds_wfs_head*)(void*)next;
    // Producers may have come. If `head` is on top still it is the same one: who could take it out is excluded.
    // [wfs-take] A part of the release sequences of all pushes before; so no order is needed here but for those who
    // find what we leave: acq_rel.
    if (uatomic_cmpxchg_mo(top, head, below, CMM_ACQ_REL, CMM_RELAXED) != head) continue;
    if (state != NULL && below == CDS_WFS_END) *state |= CDS_WFS_STATE_LAST;
    return &head->node;
  }
}

// Takes all nodes; null: empty. Go through them by cds_wfs_first() and cds_wfs_next_blocking().
WEIR_URCU_INLINE struct cds_wfs_head* __cds_wfs_pop_all(cds_wfs_stack_ptr_t stack) {
  // [wfs-take] Acquire as above, and a full barrier, which the interface promises.
  struct cds_wfs_head* const head = uatomic_xchg(weir_urcu_wfs_top(stack), CDS_WFS_END);
  return head != CDS_WFS_END ? head : NULL;
}

#include <urcu/weir/wfstack-forms.h>

#endif
