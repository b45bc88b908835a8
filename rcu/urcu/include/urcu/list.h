// A ring of nodes with links both ways, which live in the objects listed. The head is a node too; an empty list is a
// head that points to itself.
//
// One thread at a time; rculist.h is for readers beside a writer.
#ifndef WEIR_URCU_LIST_H
#define WEIR_URCU_LIST_H

#include <stddef.h>
#include <urcu/compiler.h>

struct cds_list_head {
  struct cds_list_head *next, *prev;
};

#define CDS_LIST_HEAD_INIT(name) \
  { &(name), &(name) }
#define CDS_LIST_HEAD(name) struct cds_list_head name = CDS_LIST_HEAD_INIT(name)
#define CDS_INIT_LIST_HEAD(ptr) ((void)((ptr)->prev = (ptr), (ptr)->next = (ptr)))

WEIR_URCU_INLINE void weir_urcu_list_link(struct cds_list_head* first, struct cds_list_head* second) {
  first->next = second;
  second->prev = first;
}

WEIR_URCU_INLINE int cds_list_empty(const struct cds_list_head* head) { return head->next == head; }

// As the first one.
WEIR_URCU_INLINE void cds_list_add(struct cds_list_head* newp, struct cds_list_head* head) {
  weir_urcu_list_link(newp, head->next);
  weir_urcu_list_link(head, newp);
}

// As the last one.
WEIR_URCU_INLINE void cds_list_add_tail(struct cds_list_head* newp, struct cds_list_head* head) {
  cds_list_add(newp, head->prev);
}

// All that lies between the two is out.
WEIR_URCU_INLINE void __cds_list_del(struct cds_list_head* prev, struct cds_list_head* next) {
  weir_urcu_list_link(prev, next);
}

WEIR_URCU_INLINE void cds_list_del(struct cds_list_head* elem) { __cds_list_del(elem->prev, elem->next); }

WEIR_URCU_INLINE void cds_list_del_init(struct cds_list_head* elem) {
  cds_list_del(elem);
  CDS_INIT_LIST_HEAD(elem);
}

// From where it is, to the first place of `head`.
WEIR_URCU_INLINE void cds_list_move(struct cds_list_head* elem, struct cds_list_head* head) {
  cds_list_del(elem);
  cds_list_add(elem, head);
}

// `_new` takes the place of `old`, which must not be the head of an empty list.
WEIR_URCU_INLINE void cds_list_replace(struct cds_list_head* old, struct cds_list_head* _new) {
  weir_urcu_list_link(_new, old->next);
  weir_urcu_list_link(old->prev, _new);
}

WEIR_URCU_INLINE void cds_list_replace_init(struct cds_list_head* old, struct cds_list_head* _new) {
  if (cds_list_empty(old)) {
    CDS_INIT_LIST_HEAD(_new);
    return;
  }
  cds_list_replace(old, _new);
  CDS_INIT_LIST_HEAD(old);
}

// All of list `add`, before the first one of `head`. The head `add` is left as it was.
WEIR_URCU_INLINE void cds_list_splice(struct cds_list_head* add, struct cds_list_head* head) {
  if (cds_list_empty(add)) return;
  weir_urcu_list_link(add->prev, head->next);
  weir_urcu_list_link(head, add->next);
}

#define cds_list_entry(ptr, type, member) caa_container_of(ptr, type, member)
#define cds_list_first_entry(ptr, type, member) cds_list_entry((ptr)->next, type, member)

// Loops over nodes, and over objects. Those with _safe allow that the current one is taken out.
#define cds_list_for_each(p, head) for ((p) = (head)->next; (p) != (head); (p) = (p)->next)
#define cds_list_for_each_prev(p, head) for ((p) = (head)->prev; (p) != (head); (p) = (p)->prev)
#define cds_list_for_each_safe(pos, p, head) \
  for ((pos) = (head)->next, (p) = (pos)->next; (pos) != (head); (pos) = (p), (p) = (pos)->next)
#define cds_list_for_each_prev_safe(pos, p, head) \
  for ((pos) = (head)->prev, (p) = (pos)->prev; (pos) != (head); (pos) = (p), (p) = (pos)->prev)

#define WEIR_URCU_LIST_NEXT(pos, member) cds_list_entry((pos)->member.next, __typeof__(*(pos)), member)
#define WEIR_URCU_LIST_PREV(pos, member) cds_list_entry((pos)->member.prev, __typeof__(*(pos)), member)
#define cds_list_for_each_entry(pos, head, member)                                                 \
  for ((pos) = cds_list_entry((head)->next, __typeof__(*(pos)), member); &(pos)->member != (head); \
       (pos) = WEIR_URCU_LIST_NEXT(pos, member))
#define cds_list_for_each_entry_reverse(pos, head, member)                                         \
  for ((pos) = cds_list_entry((head)->prev, __typeof__(*(pos)), member); &(pos)->member != (head); \
       (pos) = WEIR_URCU_LIST_PREV(pos, member))
#define cds_list_for_each_entry_safe(pos, p, head, member)                                                       \
  for ((pos) = cds_list_entry((head)->next, __typeof__(*(pos)), member), (p) = WEIR_URCU_LIST_NEXT(pos, member); \
       &(pos)->member != (head); (pos) = (p), (p) = WEIR_URCU_LIST_NEXT(pos, member))

#endif
