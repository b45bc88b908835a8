// hlist.h with readers beside one writer, as rculist.h has it for list.h.
#ifndef WEIR_URCU_RCUHLIST_H
#define WEIR_URCU_RCUHLIST_H

#include <urcu/hlist.h>
#include <urcu/pointer.h>

WEIR_URCU_INLINE void cds_hlist_add_head_rcu(struct cds_hlist_node* newp, struct cds_hlist_head* head) {
  newp->next = head->next;
  newp->prev = (struct cds_hlist_node*)(void*)head;
  if (head->next != NULL) head->next->prev = newp;
  rcu_assign_pointer(head->next, newp);
}

// Its own link stays: readers who are at it go on.
WEIR_URCU_INLINE void cds_hlist_del_rcu(struct cds_hlist_node* elem) {
  if (elem->next != NULL) elem->next->prev = elem->prev;
  rcu_set_pointer(weir_urcu_hlist_link(elem->prev), elem->next);  // a release, as in rculist.h
}

#define cds_hlist_for_each_rcu(pos, head) \
  for ((pos) = rcu_dereference((head)->next); (pos) != NULL; (pos) = rcu_dereference((pos)->next))
#define cds_hlist_for_each_entry_rcu(entry, pos, head, member)                             \
  for ((pos) = rcu_dereference((head)->next);                                              \
       (pos) != NULL && ((entry) = cds_hlist_entry(pos, __typeof__(*(entry)), member), 1); \
       (pos) = rcu_dereference((pos)->next))
#define cds_hlist_for_each_entry_rcu_2(entry, head, member)                                            \
  for ((entry) = WEIR_URCU_HLIST_ENTRY(entry, rcu_dereference((head)->next), member); (entry) != NULL; \
       (entry) = WEIR_URCU_HLIST_ENTRY(entry, rcu_dereference((entry)->member.next), member))

#endif
