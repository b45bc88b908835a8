// cds_hlist_* and cds_hlist_*_rcu, each function and each loop.
#include <stdlib.h>
#include <urcu/hlist.h>
#include <urcu/rcuhlist.h>

#include "tests/rcu/urcu/check.h"

struct item {
  int value;
  struct cds_hlist_node node;
};

// A head of which the compiler does not know that it is smaller than a node: it warns of other libraries' ways.
static struct cds_hlist_head* fresh(void) {
  static struct cds_hlist_head* made;
  if (made == NULL) made = (struct cds_hlist_head*)calloc(1, sizeof(struct cds_hlist_node));
  CDS_INIT_HLIST_HEAD(made);
  return made;
}

// Whether the list holds these values; a negative one ends them.
static int holds(struct cds_hlist_head* head, int a, int b, int c) {
  const int wanted[4] = {a, b, c, -1};
  struct cds_hlist_node* p;
  int n = 0;
  cds_hlist_for_each(p, head) {
    if (wanted[n] < 0 || cds_hlist_entry(p, struct item, node)->value != wanted[n]) return 0;
    ++n;
  }
  return wanted[n] < 0;
}

static void adds_and_takes_out(void) {
  struct cds_hlist_head* const list = fresh();
  struct item one, two, three;
  one.value = 1, two.value = 2, three.value = 3;
  CHECK(holds(list, -1, -1, -1));
  cds_hlist_add_head(&three.node, list);
  cds_hlist_add_head(&two.node, list);
  cds_hlist_add_head(&one.node, list);
  CHECK(holds(list, 1, 2, 3));
  cds_hlist_del(&two.node);
  CHECK(holds(list, 1, 3, -1));
  cds_hlist_del(&one.node);
  CHECK(holds(list, 3, -1, -1));
  cds_hlist_del(&three.node);
  CHECK(holds(list, -1, -1, -1));
}

static void loops(void) {
  struct cds_hlist_head* const list = fresh();
  struct item items[3];
  struct cds_hlist_node *p, *q;
  struct item *i, *j;
  int n;
  for (n = 2; n >= 0; --n) {
    items[n].value = n;
    cds_hlist_add_head(&items[n].node, list);
  }
  n = 0;
  cds_hlist_for_each_entry(i, p, list, node) CHECK(i->value == n++);
  CHECK(n == 3);
  n = 0;
  cds_hlist_for_each_entry_2(i, list, node) CHECK(i->value == n++);
  CHECK(n == 3);
  cds_hlist_for_each_entry_safe(i, p, q, list, node) {
    if (i->value == 1) {
      cds_hlist_del(&i->node);
      i->node.next = NULL;
    }
    --n;
  }
  CHECK(n == 0 && holds(list, 0, 2, -1));
  cds_hlist_for_each_entry_safe_2(i, j, list, node) {
    if (i->value == 0) {
      cds_hlist_del(&i->node);
      i->node.next = NULL;
    }
    ++n;
  }
  CHECK(n == 2 && holds(list, 2, -1, -1));
  cds_hlist_for_each_safe(p, q, list) {
    cds_hlist_del(p);
    p->next = NULL;
  }
  CHECK(holds(list, -1, -1, -1));
}

static void beside_readers(void) {
  struct cds_hlist_head* const list = fresh();
  struct item one, two, three;
  struct cds_hlist_node* p;
  struct item* i;
  int sum = 0;
  one.value = 1, two.value = 2, three.value = 3;
  cds_hlist_add_head_rcu(&three.node, list);
  cds_hlist_add_head_rcu(&two.node, list);
  cds_hlist_add_head_rcu(&one.node, list);
  CHECK(holds(list, 1, 2, 3));
  cds_hlist_for_each_rcu(p, list) sum += cds_hlist_entry(p, struct item, node)->value;
  CHECK(sum == 6);
  cds_hlist_del_rcu(&two.node);
  CHECK(holds(list, 1, 3, -1));
  CHECK(two.node.next == &three.node);  // who is at it goes on
  cds_hlist_for_each_entry_rcu(i, p, list, node) sum += i->value;
  CHECK(sum == 10);
  cds_hlist_for_each_entry_rcu_2(i, list, node) sum += i->value;
  CHECK(sum == 14);
  cds_hlist_del_rcu(&one.node);
  cds_hlist_del_rcu(&three.node);
  CHECK(holds(list, -1, -1, -1));
}

int main(void) {
  RUN(adds_and_takes_out);
  RUN(loops);
  RUN(beside_readers);
  return finish();
}
