// cds_wfs_*: each function on one thread.
#include <stdlib.h>
#include <urcu/compiler.h>
#include <urcu/wfstack.h>

#include "tests/rcu/urcu/check.h"

struct item {
  int value;
  struct cds_wfs_node node;
};

static struct cds_wfs_stack stack;

static cds_wfs_stack_ptr_t either(struct cds_wfs_stack* s) {
  cds_wfs_stack_ptr_t p;
  p.s = s;
  return p;
}

static cds_wfs_stack_ptr_t either_small(struct __cds_wfs_stack* s) {
  cds_wfs_stack_ptr_t p;
  p._s = s;
  return p;
}

static struct item items[4];

static void begin(void) {
  int i;
  cds_wfs_init(&stack);
  for (i = 0; i < 4; ++i) {
    items[i].value = i;
    cds_wfs_node_init(&items[i].node);
  }
}

static int put(int i) { return cds_wfs_push(either(&stack), &items[i].node); }

static int value(struct cds_wfs_node* node) {
  if (node == CDS_WFS_WOULDBLOCK) return -2;
  return node == NULL ? -1 : caa_container_of(node, struct item, node)->value;
}

static void last_in_first_out(void) {
  begin();
  CHECK(cds_wfs_empty(either(&stack)));
  CHECK(cds_wfs_pop_blocking(&stack) == NULL);
  CHECK(put(0) == 0);
  CHECK(put(1) != 0);
  CHECK(!cds_wfs_empty(either(&stack)));
  CHECK(value(cds_wfs_pop_blocking(&stack)) == 1);
  CHECK(put(2) != 0);
  CHECK(value(cds_wfs_pop_blocking(&stack)) == 2);
  CHECK(value(cds_wfs_pop_blocking(&stack)) == 0);
  CHECK(cds_wfs_pop_blocking(&stack) == NULL);
  cds_wfs_destroy(&stack);
}

static void states(void) {
  int state = 77;
  begin();
  CHECK(cds_wfs_pop_with_state_blocking(&stack, &state) == NULL && state == 0);
  put(0), put(1), put(2), put(3);
  CHECK(value(cds_wfs_pop_with_state_blocking(&stack, &state)) == 3 && state == 0);
  cds_wfs_pop_lock(&stack);
  CHECK(value(__cds_wfs_pop_with_state_blocking(either(&stack), &state)) == 2 && state == 0);
  CHECK(value(__cds_wfs_pop_with_state_nonblocking(either(&stack), &state)) == 1 && state == 0);
  CHECK(value(__cds_wfs_pop_with_state_nonblocking(either(&stack), &state)) == 0);
  CHECK(state == CDS_WFS_STATE_LAST);
  CHECK(__cds_wfs_pop_blocking(either(&stack)) == NULL);
  CHECK(__cds_wfs_pop_nonblocking(either(&stack)) == NULL);
  cds_wfs_pop_unlock(&stack);
  cds_wfs_destroy(&stack);
}

static void takes_all(void) {
  struct cds_wfs_head* all;
  struct cds_wfs_node *node, *next;
  int n = 4;
  begin();
  CHECK(cds_wfs_pop_all_blocking(&stack) == NULL);
  CHECK(cds_wfs_first(NULL) == NULL);
  put(0), put(1), put(2), put(3);
  all = cds_wfs_pop_all_blocking(&stack);
  CHECK(cds_wfs_empty(either(&stack)));
  CHECK(value(cds_wfs_first(all)) == 3);
  CHECK(value(cds_wfs_next_blocking(&items[3].node)) == 2);
  CHECK(value(cds_wfs_next_nonblocking(&items[2].node)) == 1);
  CHECK(cds_wfs_next_nonblocking(&items[0].node) == NULL);
  cds_wfs_for_each_blocking(all, node) CHECK(value(node) == --n);
  CHECK(n == 0);
  cds_wfs_for_each_blocking_safe(all, node, next) {
    cds_wfs_node_init(node);
    ++n;
  }
  CHECK(n == 4);
  cds_wfs_destroy(&stack);
}

static void without_a_lock(void) {
  struct __cds_wfs_stack small;
  begin();
  __cds_wfs_init(&small);
  CHECK(cds_wfs_empty(either_small(&small)));
  CHECK(cds_wfs_push(either_small(&small), &items[0].node) == 0);
  CHECK(value(__cds_wfs_pop_blocking(either_small(&small))) == 0);
  cds_wfs_node_init(&items[1].node);
  CHECK(cds_wfs_push(either_small(&small), &items[1].node) == 0);
  CHECK(value(cds_wfs_first(__cds_wfs_pop_all(either_small(&small)))) == 1);
  CHECK(__cds_wfs_pop_all(either_small(&small)) == NULL);
  cds_wfs_destroy(&stack);
}

// What a producer leaves between its exchange and its store: the node on top has no link yet.
static void meets_a_producer_half_way(void) {
  struct cds_wfs_node* below;
  begin();
  put(0), put(1);
  below = items[1].node.next;
  items[1].node.next = NULL;
  CHECK(__cds_wfs_pop_nonblocking(either(&stack)) == CDS_WFS_WOULDBLOCK);
  CHECK(cds_wfs_next_nonblocking(&items[1].node) == CDS_WFS_WOULDBLOCK);
  items[1].node.next = below;
  CHECK(value(__cds_wfs_pop_nonblocking(either(&stack))) == 1);
  CHECK(value(__cds_wfs_pop_nonblocking(either(&stack))) == 0);
  cds_wfs_destroy(&stack);
}

int main(void) {
  RUN(last_in_first_out);
  RUN(states);
  RUN(takes_all);
  RUN(without_a_lock);
  RUN(meets_a_producer_half_way);
  return finish();
}
