// A list whose head is one pointer: for the many heads of a hash table. No way to its end but through it.
//
// One thread at a time; rcuhlist.h is for readers beside a writer.
#ifndef WEIR_URCU_HLIST_H
#define WEIR_URCU_HLIST_H

#include <stddef.h>
#include <urcu/compiler.h>

struct cds_hlist_head {
  struct cds_hlist_node* next;
};

struct cds_hlist_node {
  struct cds_hlist_node* next;
  struct cds_hlist_node* prev;  // of the first one: the head
};

// The link before a node: `next` is the first word of heads and of nodes, and has one type in both.
WEIR_URCU_INLINE struct cds_hlist_node** weir_urcu_hlist_link(struct cds_hlist_node* prev) {
  return (struct cds_hlist_node**)(void*)prev;
}

#define CDS_HLIST_HEAD_INIT \
  { NULL }
#define CDS_HLIST_HEAD(name) struct cds_hlist_head name = CDS_HLIST_HEAD_INIT
#define CDS_INIT_HLIST_HEAD(ptr) ((void)((ptr)->next = NULL))

WEIR_URCU_INLINE int cds_hlist_empty(const struct cds_hlist_head* head) { return head->next == NULL; }

WEIR_URCU_INLINE void cds_hlist_add_head(struct cds_hlist_node* newp, struct cds_hlist_head* head) {
  newp->next = head->next;
  newp->prev = (struct cds_hlist_node*)(void*)head;
  if (head->next != NULL) head->next->prev = newp;
  head->next = newp;
}

WEIR_URCU_INLINE void cds_hlist_del(struct cds_hlist_node* elem) {
  if (elem->next != NULL) elem->next->prev = elem->prev;
  *weir_urcu_hlist_link(elem->prev) = elem->next;
}

#define cds_hlist_entry(ptr, type, member) caa_container_of(ptr, type, member)
#define cds_hlist_first_entry(ptr, type, member) cds_hlist_entry((ptr)->next, type, member)

// Loops over nodes, and over objects with and without the node. Those with _safe allow that the current one is taken
// out. After its end, and in an empty list, the object is null in the forms with _2.
#define WEIR_URCU_HLIST_ENTRY(entry, node, member) \
  ((__typeof__(entry))weir_urcu_entry_or_null((node), __builtin_offsetof(__typeof__(*(entry)), member)))

#define cds_hlist_for_each(pos, head) for ((pos) = (head)->next; (pos) != NULL; (pos) = (pos)->next)
#define cds_hlist_for_each_safe(pos, p, head) \
  for ((pos) = (head)->next; (pos) != NULL && ((p) = (pos)->next, 1); (pos) = (p))

#define cds_hlist_for_each_entry(entry, pos, head, member)                                                       \
  for ((pos) = (head)->next; (pos) != NULL && ((entry) = cds_hlist_entry(pos, __typeof__(*(entry)), member), 1); \
       (pos) = (pos)->next)
#define cds_hlist_for_each_entry_safe(entry, pos, p, head, member)                                            \
  for ((pos) = (head)->next;                                                                                  \
       (pos) != NULL && ((p) = (pos)->next, (entry) = cds_hlist_entry(pos, __typeof__(*(entry)), member), 1); \
       (pos) = (p))

#define cds_hlist_for_each_entry_2(entry, head, member)                               \
  for ((entry) = WEIR_URCU_HLIST_ENTRY(entry, (head)->next, member); (entry) != NULL; \
       (entry) = WEIR_URCU_HLIST_ENTRY(entry, (entry)->member.next, member))
#define cds_hlist_for_each_entry_safe_2(entry, e, head, member)      \
  for ((entry) = WEIR_URCU_HLIST_ENTRY(entry, (head)->next, member); \
       (entry) != NULL && ((e) = WEIR_URCU_HLIST_ENTRY(entry, (entry)->member.next, member), 1); (entry) = (e))

#endif
