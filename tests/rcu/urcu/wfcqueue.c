// cds_wfcq_*: each function on one thread.
#include <stdlib.h>
#include <urcu/compiler.h>
#include <urcu/wfcqueue.h>

#include "tests/rcu/urcu/check.h"

struct item {
  int value;
  struct cds_wfcq_node node;
};

static struct cds_wfcq_head head, other_head;
static struct cds_wfcq_tail tail, other_tail;
static struct item items[4];

static void begin(void) {
  int i;
  cds_wfcq_init(&head, &tail);
  cds_wfcq_init(&other_head, &other_tail);
  for (i = 0; i < 4; ++i) {
    items[i].value = i;
    cds_wfcq_node_init(&items[i].node);
  }
}

static void end(void) {
  cds_wfcq_destroy(&head, &tail);
  cds_wfcq_destroy(&other_head, &other_tail);
}

static int put(int i) { return cds_wfcq_enqueue(cds_wfcq_head_cast(&head), &tail, &items[i].node); }

static int value(struct cds_wfcq_node* node) {
  if (node == CDS_WFCQ_WOULDBLOCK) return -2;
  return node == NULL ? -1 : caa_container_of(node, struct item, node)->value;
}

static void first_in_first_out(void) {
  begin();
  CHECK(cds_wfcq_empty(cds_wfcq_head_cast(&head), &tail));
  CHECK(cds_wfcq_dequeue_blocking(&head, &tail) == NULL);
  CHECK(!put(0));
  CHECK(put(1));
  CHECK(put(2));
  CHECK(!cds_wfcq_empty(cds_wfcq_head_cast(&head), &tail));
  CHECK(value(cds_wfcq_dequeue_blocking(&head, &tail)) == 0);
  CHECK(value(cds_wfcq_dequeue_blocking(&head, &tail)) == 1);
  CHECK(put(3));
  CHECK(value(cds_wfcq_dequeue_blocking(&head, &tail)) == 2);
  CHECK(value(cds_wfcq_dequeue_blocking(&head, &tail)) == 3);
  CHECK(cds_wfcq_dequeue_blocking(&head, &tail) == NULL);
  cds_wfcq_node_init(&items[0].node);
  CHECK(!put(0));
  CHECK(value(cds_wfcq_dequeue_blocking(&head, &tail)) == 0);
  end();
}

static void states(void) {
  int state = 77;
  begin();
  CHECK(cds_wfcq_dequeue_with_state_blocking(&head, &tail, &state) == NULL && state == 0);
  put(0), put(1), put(2), put(3);
  CHECK(value(cds_wfcq_dequeue_with_state_blocking(&head, &tail, &state)) == 0 && state == 0);
  cds_wfcq_dequeue_lock(&head, &tail);
  CHECK(value(__cds_wfcq_dequeue_with_state_blocking(cds_wfcq_head_cast(&head), &tail, &state)) == 1 && state == 0);
  CHECK(value(__cds_wfcq_dequeue_with_state_nonblocking(cds_wfcq_head_cast(&head), &tail, &state)) == 2);
  CHECK(state == 0);
  CHECK(value(__cds_wfcq_dequeue_with_state_nonblocking(cds_wfcq_head_cast(&head), &tail, &state)) == 3);
  CHECK(state == CDS_WFCQ_STATE_LAST);
  CHECK(__cds_wfcq_dequeue_blocking(cds_wfcq_head_cast(&head), &tail) == NULL);
  CHECK(__cds_wfcq_dequeue_nonblocking(cds_wfcq_head_cast(&head), &tail) == NULL);
  cds_wfcq_dequeue_unlock(&head, &tail);
  end();
}

static void splices(void) {
  begin();
  CHECK(cds_wfcq_splice_blocking(&other_head, &other_tail, &head, &tail) == CDS_WFCQ_RET_SRC_EMPTY);
  put(0), put(1);
  CHECK(cds_wfcq_splice_blocking(&other_head, &other_tail, &head, &tail) == CDS_WFCQ_RET_DEST_EMPTY);
  CHECK(cds_wfcq_empty(cds_wfcq_head_cast(&head), &tail));
  put(2);
  CHECK(__cds_wfcq_splice_nonblocking(cds_wfcq_head_cast(&other_head), &other_tail, cds_wfcq_head_cast(&head), &tail) ==
        CDS_WFCQ_RET_DEST_NON_EMPTY);
  put(3);
  CHECK(__cds_wfcq_splice_blocking(cds_wfcq_head_cast(&other_head), &other_tail, cds_wfcq_head_cast(&head), &tail) ==
        CDS_WFCQ_RET_DEST_NON_EMPTY);
  CHECK(value(cds_wfcq_dequeue_blocking(&other_head, &other_tail)) == 0);
  CHECK(value(cds_wfcq_dequeue_blocking(&other_head, &other_tail)) == 1);
  CHECK(value(cds_wfcq_dequeue_blocking(&other_head, &other_tail)) == 2);
  CHECK(value(cds_wfcq_dequeue_blocking(&other_head, &other_tail)) == 3);
  CHECK(cds_wfcq_dequeue_blocking(&other_head, &other_tail) == NULL);
  end();
}

static void walks(void) {
  struct cds_wfcq_node *node, *next;
  int n = 0;
  begin();
  CHECK(__cds_wfcq_first_blocking(cds_wfcq_head_cast(&head), &tail) == NULL);
  CHECK(__cds_wfcq_first_nonblocking(cds_wfcq_head_cast(&head), &tail) == NULL);
  put(0), put(1), put(2);
  node = __cds_wfcq_first_nonblocking(cds_wfcq_head_cast(&head), &tail);
  CHECK(value(node) == 0 && node == __cds_wfcq_first_blocking(cds_wfcq_head_cast(&head), &tail));
  CHECK(value(__cds_wfcq_next_nonblocking(cds_wfcq_head_cast(&head), &tail, node)) == 1);
  CHECK(__cds_wfcq_next_nonblocking(cds_wfcq_head_cast(&head), &tail, &items[2].node) == NULL);
  CHECK(__cds_wfcq_next_blocking(cds_wfcq_head_cast(&head), &tail, &items[2].node) == NULL);
  __cds_wfcq_for_each_blocking(cds_wfcq_head_cast(&head), &tail, node) CHECK(value(node) == n++);
  CHECK(n == 3);
  __cds_wfcq_for_each_blocking_safe(cds_wfcq_head_cast(&head), &tail, node, next) {
    cds_wfcq_node_init(node);
    --n;
  }
  CHECK(n == 0);
  end();
}

static void without_a_lock(void) {
  struct __cds_wfcq_head small;
  struct cds_wfcq_tail end_of_it;
  begin();
  __cds_wfcq_init(&small, &end_of_it);
  CHECK(cds_wfcq_empty(__cds_wfcq_head_cast(&small), &end_of_it));
  CHECK(!cds_wfcq_enqueue(__cds_wfcq_head_cast(&small), &end_of_it, &items[2].node));
  CHECK(cds_wfcq_enqueue(__cds_wfcq_head_cast(&small), &end_of_it, &items[1].node));
  CHECK(value(__cds_wfcq_dequeue_blocking(__cds_wfcq_head_cast(&small), &end_of_it)) == 2);
  CHECK(value(__cds_wfcq_dequeue_nonblocking(__cds_wfcq_head_cast(&small), &end_of_it)) == 1);
  CHECK(__cds_wfcq_dequeue_nonblocking(__cds_wfcq_head_cast(&small), &end_of_it) == NULL);
  end();
}

// What a producer leaves between its exchange and its store: the tail leads on, and there is no link yet.
static void meets_a_producer_half_way(void) {
  begin();
  put(0);
  tail.p = &items[1].node;
  CHECK(__cds_wfcq_dequeue_nonblocking(cds_wfcq_head_cast(&head), &tail) == CDS_WFCQ_WOULDBLOCK);
  CHECK(__cds_wfcq_next_nonblocking(cds_wfcq_head_cast(&head), &tail, &items[0].node) == CDS_WFCQ_WOULDBLOCK);
  CHECK(!cds_wfcq_empty(cds_wfcq_head_cast(&head), &tail));
  items[0].node.next = &items[1].node;
  CHECK(value(__cds_wfcq_dequeue_nonblocking(cds_wfcq_head_cast(&head), &tail)) == 0);
  CHECK(value(__cds_wfcq_dequeue_nonblocking(cds_wfcq_head_cast(&head), &tail)) == 1);
  cds_wfcq_node_init(&items[0].node);
  tail.p = &items[0].node;
  CHECK(!cds_wfcq_empty(cds_wfcq_head_cast(&head), &tail));
  CHECK(__cds_wfcq_first_nonblocking(cds_wfcq_head_cast(&head), &tail) == CDS_WFCQ_WOULDBLOCK);
  CHECK(__cds_wfcq_splice_nonblocking(cds_wfcq_head_cast(&other_head), &other_tail, cds_wfcq_head_cast(&head), &tail) ==
        CDS_WFCQ_RET_WOULDBLOCK);
  head.node.next = &items[0].node;
  CHECK(value(__cds_wfcq_dequeue_nonblocking(cds_wfcq_head_cast(&head), &tail)) == 0);
  CHECK(cds_wfcq_empty(cds_wfcq_head_cast(&head), &tail));
  end();
}

int main(void) {
  RUN(first_in_first_out);
  RUN(states);
  RUN(splices);
  RUN(walks);
  RUN(without_a_lock);
  RUN(meets_a_producer_half_way);
  return finish();
}
