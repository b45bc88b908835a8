// The queue and the stack under many threads. What is put in comes out once, with what its producer wrote; the nodes of
// one producer come out of the queue in their order, and out of one pop_all of the stack in the opposite one.
//
// Argument: how many nodes each producer puts in; few by default.
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <urcu/compiler.h>
#include <urcu/uatomic.h>
#include <urcu/wfcqueue.h>
#include <urcu/wfstack.h>

#include "tests/rcu/urcu/check.h"

enum { PRODUCERS = 3, CONSUMERS = 3, GO_ON = 64 };

struct item {
  struct cds_wfcq_node in_queue;
  struct cds_wfs_node in_stack;
  long producer, number;
  long canary;  // plain: written before the node is put in
  int taken;
};

static long per_producer = 20000;
static struct item* items;
static long taken;
static struct cds_wfcq_head queue;
static struct cds_wfcq_tail queue_tail;
static struct cds_wfs_stack stack;

static cds_wfs_stack_ptr_t either(struct cds_wfs_stack* s) {
  cds_wfs_stack_ptr_t p;
  p.s = s;
  return p;
}

static long canary_of(long producer, long number) { return 1000003 * (producer + 1) ^ number; }

static void began(void) {
  long i;
  taken = 0;
  for (i = 0; i < PRODUCERS * per_producer; ++i) {
    items[i].canary = 0;
    items[i].taken = 0;
    cds_wfcq_node_init(&items[i].in_queue);
    cds_wfs_node_init(&items[i].in_stack);
  }
}

static struct item* fill(long producer, long number) {
  struct item* item = &items[producer * per_producer + number];
  item->producer = producer;
  item->number = number;
  item->canary = canary_of(producer, number);
  return item;
}

static void take(struct item* item) {
  CHECK(item->canary == canary_of(item->producer, item->number));
  CHECK(uatomic_xchg(&item->taken, 1) == 0);
  uatomic_inc(&taken);
}

static int all_taken(void) { return uatomic_read(&taken) == PRODUCERS * per_producer; }

static void* enqueues(void* arg) {
  const long me = (long)(intptr_t)arg;
  long i;
  for (i = 0; i < per_producer; ++i) {
    cds_wfcq_enqueue(cds_wfcq_head_cast(&queue), &queue_tail, &fill(me, i)->in_queue);
    if (i % GO_ON == 0) sched_yield();
  }
  return NULL;
}

static void take_in_order(struct cds_wfcq_node* node, long* newest) {
  struct item* item = caa_container_of(node, struct item, in_queue);
  CHECK(item->number > newest[item->producer]);
  newest[item->producer] = item->number;
  take(item);
}

static void* dequeues(void* arg) {
  long newest[PRODUCERS] = {-1, -1, -1};
  (void)arg;
  while (!all_taken()) {
    struct cds_wfcq_node* node = cds_wfcq_dequeue_blocking(&queue, &queue_tail);
    if (node == NULL) {
      sched_yield();
    } else {
      take_in_order(node, newest);
    }
  }
  return NULL;
}

static void* dequeues_without_blocking(void* arg) {
  long newest[PRODUCERS] = {-1, -1, -1};
  (void)arg;
  while (!all_taken()) {
    struct cds_wfcq_node* node;
    int state;
    cds_wfcq_dequeue_lock(&queue, &queue_tail);
    node = __cds_wfcq_dequeue_with_state_nonblocking(cds_wfcq_head_cast(&queue), &queue_tail, &state);
    cds_wfcq_dequeue_unlock(&queue, &queue_tail);
    if (node == NULL || node == CDS_WFCQ_WOULDBLOCK) {
      sched_yield();
    } else {
      take_in_order(node, newest);
    }
  }
  return NULL;
}

static void* splices(void* arg) {
  struct cds_wfcq_head own;
  struct cds_wfcq_tail own_tail;
  long newest[PRODUCERS] = {-1, -1, -1};
  (void)arg;
  cds_wfcq_init(&own, &own_tail);
  while (!all_taken()) {
    struct cds_wfcq_node *node, *next;
    const enum cds_wfcq_ret what = cds_wfcq_splice_blocking(&own, &own_tail, &queue, &queue_tail);
    CHECK(what == CDS_WFCQ_RET_SRC_EMPTY || what == CDS_WFCQ_RET_DEST_EMPTY);
    if (what == CDS_WFCQ_RET_SRC_EMPTY) sched_yield();
    __cds_wfcq_for_each_blocking_safe(cds_wfcq_head_cast(&own), &own_tail, node, next) take_in_order(node, newest);
    cds_wfcq_destroy(&own, &own_tail);
    cds_wfcq_init(&own, &own_tail);
  }
  cds_wfcq_destroy(&own, &own_tail);
  return NULL;
}

static void* pushes(void* arg) {
  const long me = (long)(intptr_t)arg;
  long i;
  for (i = 0; i < per_producer; ++i) {
    cds_wfs_push(either(&stack), &fill(me, i)->in_stack);
    if (i % GO_ON == 0) sched_yield();
  }
  return NULL;
}

static void* pops(void* arg) {
  (void)arg;
  while (!all_taken()) {
    struct cds_wfs_node* node = cds_wfs_pop_blocking(&stack);
    if (node == NULL) {
      sched_yield();
    } else {
      take(caa_container_of(node, struct item, in_stack));
    }
  }
  return NULL;
}

static void* pops_without_blocking(void* arg) {
  (void)arg;
  while (!all_taken()) {
    struct cds_wfs_node* node;
    cds_wfs_pop_lock(&stack);
    node = __cds_wfs_pop_nonblocking(either(&stack));
    cds_wfs_pop_unlock(&stack);
    if (node == NULL || node == CDS_WFS_WOULDBLOCK) {
      sched_yield();
    } else {
      take(caa_container_of(node, struct item, in_stack));
    }
  }
  return NULL;
}

static void* pops_all(void* arg) {
  (void)arg;
  while (!all_taken()) {
    long oldest[PRODUCERS] = {per_producer, per_producer, per_producer};
    struct cds_wfs_node *node, *next;
    struct cds_wfs_head* all = cds_wfs_pop_all_blocking(&stack);
    if (all == NULL) sched_yield();
    cds_wfs_for_each_blocking_safe(all, node, next) {
      struct item* item = caa_container_of(node, struct item, in_stack);
      CHECK(item->number < oldest[item->producer]);
      oldest[item->producer] = item->number;
      take(item);
    }
  }
  return NULL;
}

typedef void* (*work)(void*);

static void run(work produce, work a, work b, work c) {
  const work consume[CONSUMERS] = {a, b, c};
  pthread_t threads[PRODUCERS + CONSUMERS];
  long i;
  began();
  for (i = 0; i < CONSUMERS; ++i) CHECK(pthread_create(&threads[i], NULL, consume[i], NULL) == 0);
  for (i = 0; i < PRODUCERS; ++i) {
    CHECK(pthread_create(&threads[CONSUMERS + i], NULL, produce, (void*)(intptr_t)i) == 0);
  }
  for (i = 0; i < PRODUCERS + CONSUMERS; ++i) pthread_join(threads[i], NULL);
  CHECK(all_taken());
}

static void queue_with_all_consumers(void) {
  cds_wfcq_init(&queue, &queue_tail);
  run(enqueues, dequeues, dequeues_without_blocking, splices);
  CHECK(cds_wfcq_empty(cds_wfcq_head_cast(&queue), &queue_tail));
  cds_wfcq_destroy(&queue, &queue_tail);
}

static void queue_taken_one_by_one(void) {
  cds_wfcq_init(&queue, &queue_tail);
  run(enqueues, dequeues, dequeues, dequeues_without_blocking);
  cds_wfcq_destroy(&queue, &queue_tail);
}

static void stack_with_all_consumers(void) {
  cds_wfs_init(&stack);
  run(pushes, pops, pops_without_blocking, pops_all);
  CHECK(cds_wfs_empty(either(&stack)));
  cds_wfs_destroy(&stack);
}

int main(int argc, char** argv) {
  if (argc > 1) per_producer = atol(argv[1]);
  items = (struct item*)calloc((size_t)(PRODUCERS * per_producer), sizeof *items);
  RUN(queue_with_all_consumers);
  RUN(queue_taken_one_by_one);
  RUN(stack_with_all_consumers);
  free(items);
  return finish();
}
