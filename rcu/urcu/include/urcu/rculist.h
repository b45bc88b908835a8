// list.h with readers beside one writer. Readers go forwards only, in a section; what was taken out is given back after
// a grace period.
#ifndef WEIR_URCU_RCULIST_H
#define WEIR_URCU_RCULIST_H

#include <urcu/list.h>
#include <urcu/pointer.h>

// Every store to a link that readers follow is a release ([urcu-publish]), also where a node is taken out: the reader
// that comes over the new link has not come over the one by which the node behind it was published.

WEIR_URCU_INLINE void cds_list_add_rcu(struct cds_list_head* newp, struct cds_list_head* head) {
  newp->next = head->next;
  newp->prev = head;
  head->next->prev = newp;
  rcu_assign_pointer(head->next, newp);
}

WEIR_URCU_INLINE void cds_list_add_tail_rcu(struct cds_list_head* newp, struct cds_list_head* head) {
  newp->next = head;
  newp->prev = head->prev;
  rcu_assign_pointer(head->prev->next, newp);
  head->prev = newp;
}

WEIR_URCU_INLINE void cds_list_replace_rcu(struct cds_list_head* old, struct cds_list_head* _new) {
  _new->next = old->next;
  _new->prev = old->prev;
  rcu_assign_pointer(_new->prev->next, _new);
  _new->next->prev = _new;
}

// Its own link stays: readers who are at it go on.
WEIR_URCU_INLINE void cds_list_del_rcu(struct cds_list_head* elem) {
  elem->next->prev = elem->prev;
  rcu_assign_pointer(elem->prev->next, elem->next);
}

#define cds_list_for_each_rcu(pos, head) \
  for ((pos) = rcu_dereference((head)->next); (pos) != (head); (pos) = rcu_dereference((pos)->next))
#define cds_list_for_each_entry_rcu(pos, head, member)                                                              \
  for ((pos) = cds_list_entry(rcu_dereference((head)->next), __typeof__(*(pos)), member); &(pos)->member != (head); \
       (pos) = cds_list_entry(rcu_dereference((pos)->member.next), __typeof__(*(pos)), member))

#endif
