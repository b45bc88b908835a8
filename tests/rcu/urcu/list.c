// cds_list_* and cds_list_*_rcu, each function and each loop.
#include <stdlib.h>
#include <urcu/list.h>
#include <urcu/rculist.h>

#include "tests/rcu/urcu/check.h"

struct item {
  int value;
  struct cds_list_head node;
};

// Whether the list holds these values, forwards and backwards; a negative one ends them.
static int holds(struct cds_list_head* head, int a, int b, int c) {
  const int wanted[4] = {a, b, c, -1};
  struct item* i;
  int n = 0;
  cds_list_for_each_entry(i, head, node) {
    if (wanted[n] < 0 || i->value != wanted[n]) return 0;
    ++n;
  }
  if (wanted[n] >= 0) return 0;
  cds_list_for_each_entry_reverse(i, head, node) {
    if (n == 0 || i->value != wanted[--n]) return 0;
  }
  return n == 0;
}

static CDS_LIST_HEAD(fixed);

static void heads(void) {
  struct cds_list_head made;
  CDS_INIT_LIST_HEAD(&made);
  CHECK(cds_list_empty(&fixed) && cds_list_empty(&made));
  CHECK(holds(&fixed, -1, -1, -1));
}

static void adds_and_takes_out(void) {
  CDS_LIST_HEAD(head);
  struct item one, two, three;
  one.value = 1, two.value = 2, three.value = 3;
  cds_list_add(&two.node, &head);
  CHECK(!cds_list_empty(&head));
  cds_list_add(&one.node, &head);
  cds_list_add_tail(&three.node, &head);
  CHECK(holds(&head, 1, 2, 3));
  CHECK(cds_list_first_entry(&head, struct item, node) == &one);
  CHECK(cds_list_entry(head.prev, struct item, node) == &three);
  cds_list_del(&two.node);
  CHECK(holds(&head, 1, 3, -1));
  cds_list_del_init(&one.node);
  CHECK(holds(&head, 3, -1, -1) && cds_list_empty(&one.node));
  __cds_list_del(three.node.prev, three.node.next);
  CHECK(cds_list_empty(&head));
}

static void moves_and_replaces(void) {
  CDS_LIST_HEAD(head);
  CDS_LIST_HEAD(other);
  CDS_LIST_HEAD(third);
  struct item one, two, three;
  one.value = 1, two.value = 2, three.value = 3;
  cds_list_add_tail(&one.node, &head);
  cds_list_add_tail(&two.node, &head);
  cds_list_move(&two.node, &head);
  CHECK(holds(&head, 2, 1, -1));
  cds_list_replace(&one.node, &three.node);
  CHECK(holds(&head, 2, 3, -1));
  cds_list_move(&two.node, &other);
  CHECK(holds(&head, 3, -1, -1) && holds(&other, 2, -1, -1));
  cds_list_replace_init(&other, &third);
  CHECK(holds(&third, 2, -1, -1) && cds_list_empty(&other));
  cds_list_splice(&third, &head);
  CHECK(holds(&head, 2, 3, -1));
  cds_list_splice(&other, &head);
  CHECK(holds(&head, 2, 3, -1));
}

static void loops(void) {
  CDS_LIST_HEAD(head);
  struct item items[3];
  struct cds_list_head *p, *q;
  struct item *i, *j;
  int n;
  for (n = 0; n < 3; ++n) {
    items[n].value = n;
    cds_list_add_tail(&items[n].node, &head);
  }
  n = 0;
  cds_list_for_each(p, &head) CHECK(cds_list_entry(p, struct item, node)->value == n++);
  CHECK(n == 3);
  cds_list_for_each_prev(p, &head) CHECK(cds_list_entry(p, struct item, node)->value == --n);
  CHECK(n == 0);
  cds_list_for_each_prev_safe(p, q, &head) {
    if (p == &items[1].node) cds_list_del_init(p);
    ++n;
  }
  CHECK(n == 3 && holds(&head, 0, 2, -1));
  cds_list_for_each_entry_safe(i, j, &head, node) {
    cds_list_del_init(&i->node);
    CHECK(i->value == 0 || i->value == 2);
    --n;
  }
  CHECK(n == 1 && cds_list_empty(&head));
  cds_list_add(&items[0].node, &head);
  cds_list_add(&items[1].node, &head);
  cds_list_for_each_safe(p, q, &head) cds_list_del_init(p);
  CHECK(cds_list_empty(&head));
}

static void beside_readers(void) {
  CDS_LIST_HEAD(head);
  struct item one, two, three, four;
  struct cds_list_head* p;
  struct item* i;
  int sum = 0;
  one.value = 1, two.value = 2, three.value = 3, four.value = 4;
  cds_list_add_rcu(&two.node, &head);
  cds_list_add_rcu(&one.node, &head);
  cds_list_add_tail_rcu(&three.node, &head);
  CHECK(holds(&head, 1, 2, 3));
  cds_list_for_each_rcu(p, &head) sum += cds_list_entry(p, struct item, node)->value;
  CHECK(sum == 6);
  cds_list_replace_rcu(&two.node, &four.node);
  CHECK(holds(&head, 1, 4, 3));
  CHECK(two.node.next == &three.node);  // who is at it goes on
  cds_list_del_rcu(&four.node);
  CHECK(holds(&head, 1, 3, -1));
  CHECK(four.node.next == &three.node);
  sum = 0;
  cds_list_for_each_entry_rcu(i, &head, node) sum += i->value;
  CHECK(sum == 4);
}

int main(void) {
  RUN(heads);
  RUN(adds_and_takes_out);
  RUN(moves_and_replaces);
  RUN(loops);
  RUN(beside_readers);
  return finish();
}
