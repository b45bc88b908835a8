// What liburcu 0.13 does not have, or not by this name: named orders, annotations, assertions, casts. Against Weir
// only.
#include <stdint.h>
#include <urcu/annotate.h>
#include <urcu/assert.h>
#include <urcu/cds.h>
#include <urcu/config.h>
#include <urcu/debug.h>
#include <urcu/pointer.h>
#include <urcu/uatomic.h>
#include <urcu/uatomic_arch.h>
#include <urcu/urcu-futex.h>
#include <urcu/urcu_ref.h>

#include "tests/rcu/urcu/check.h"

#define EACH_ORDER(type, mo)                                   \
  do {                                                         \
    type x = 1;                                                \
    uatomic_store(&x, 2, mo);                                  \
    CHECK(uatomic_load(&x, mo) == 2);                          \
    uatomic_set_mo(&x, 3, mo);                                 \
    CHECK(uatomic_read_mo(&x, mo) == 3);                       \
    uatomic_store_mo(&x, 4, mo);                               \
    CHECK(uatomic_load_mo(&x, mo) == 4);                       \
    CHECK(uatomic_xchg_mo(&x, 5, mo) == 4);                    \
    CHECK(uatomic_cmpxchg_mo(&x, 5, 6, mo, CMM_RELAXED) == 5); \
    CHECK(uatomic_cmpxchg_mo(&x, 5, 7, mo, mo) == 6);          \
    CHECK(uatomic_cmpxchg_mo(&x, 5, 7, mo, CMM_ACQUIRE) == 6); \
    CHECK(uatomic_cmpxchg_mo(&x, 5, 7, mo, CMM_SEQ_CST) == 6); \
    CHECK(uatomic_add_return_mo(&x, 2, mo) == 8);              \
    CHECK(uatomic_sub_return_mo(&x, 1, mo) == 7);              \
    uatomic_add_mo(&x, 2, mo);                                 \
    uatomic_sub_mo(&x, 1, mo);                                 \
    uatomic_and_mo(&x, 12, mo);                                \
    uatomic_or_mo(&x, 1, mo);                                  \
    uatomic_inc_mo(&x, mo);                                    \
    uatomic_dec_mo(&x, mo);                                    \
    CHECK(x == 9);                                             \
  } while (0)

#define EACH_SIZE(mo)         \
  do {                        \
    EACH_ORDER(uint8_t, mo);  \
    EACH_ORDER(int16_t, mo);  \
    EACH_ORDER(uint32_t, mo); \
    EACH_ORDER(int64_t, mo);  \
  } while (0)

static void relaxed(void) { EACH_SIZE(CMM_RELAXED); }
static void consume(void) { EACH_SIZE(CMM_CONSUME); }
static void acquire(void) { EACH_SIZE(CMM_ACQUIRE); }
static void release(void) { EACH_SIZE(CMM_RELEASE); }
static void acq_rel(void) { EACH_SIZE(CMM_ACQ_REL); }
static void seq_cst(void) { EACH_SIZE(CMM_SEQ_CST); }
static void seq_cst_fence(void) { EACH_SIZE(CMM_SEQ_CST_FENCE); }

static void orders_may_be_left_out(void) {
  int x = 1;
  uatomic_store(&x, 2);
  CHECK(uatomic_load(&x) == 2);
}

static void annotations(void) {
  int x = 0;
  cmm_annotate_define(group);
  cmm_annotate_group_mb_release(&group);
  cmm_smp_mb();
  cmm_annotate_group_mem_release(&group, &x);
  x = 1;
  cmm_annotate_mem_release(&x);
  cmm_annotate_mem_acquire(&x);
  cmm_annotate_group_mb_acquire(&group);
  cmm_annotate_group_mem_acquire(&group, &x);
  CHECK(x == 1);
}

static void assertions(void) {
  int evaluated = 0;
  urcu_posix_assert(evaluated == 0);
  urcu_assert_debug(++evaluated);
  urcu_assert(evaluated < 5);
  CHECK(evaluated == 0);  // DEBUG_RCU is not defined
}

static void pointers_by_function(void) {
  int a = 1;
  void* p = &a;
  CHECK(rcu_dereference_sym2(&p) == &a);
}

// Aligned to its size, as whatever a processor loads at once.
struct __attribute__((aligned(4))) two_shorts {
  short a, b;
};

static void all_that_fits_is_shared(void) {
  volatile double d = 0.5;
  const volatile int fixed = 4;
  struct two_shorts two = {1, 2}, other = {3, 4};
  CHECK(CMM_LOAD_SHARED(d) == 0.5);
  CHECK(CMM_STORE_SHARED(d, 1.5) == 1.5 && d == 1.5);
  CHECK(CMM_LOAD_SHARED(fixed) == 4);
  CHECK(CMM_STORE_SHARED(two, other).a == 3 && CMM_LOAD_SHARED(two).b == 4);
}

static void signs_are_kept(void) {
  const signed char minus = -2;
  const unsigned char plus = 254;
  CHECK(caa_is_signed_type(int) && !caa_is_signed_type(unsigned short) && !caa_is_signed_type(unsigned long));
  CHECK((long)caa_cast_long_keep_sign(minus) == -2 && caa_cast_long_keep_sign(plus) == 254);
  CHECK(CAA_BITS_PER_LONG == 8 * sizeof(long));
}

static void volatile_ones(void) {
  volatile int x = 1;
  CHECK(uatomic_add_return(&x, 1) == 2);
  CHECK(uatomic_xchg(&x, 5) == 2);
  CHECK(uatomic_cmpxchg(&x, 5, 6) == 5);
  uatomic_inc(&x);
  CHECK(uatomic_read(&x) == 7);
}

static void heads_cast(void) {
  struct cds_wfcq_head head;
  struct cds_wfcq_tail tail;
  struct cds_wfcq_node node;
  struct cds_wfs_stack stack;
  struct __cds_wfs_stack small;
  struct cds_wfs_node on_stack;
  cds_wfcq_init(&head, &tail);
  cds_wfcq_node_init_atomic(&node);
  CHECK(!cds_wfcq_enqueue(cds_wfcq_head_cast(&head), &tail, &node));
  CHECK(!cds_wfcq_empty(cds_wfcq_head_const_cast(&head), &tail));
  cds_wfcq_destroy(&head, &tail);
  cds_wfs_init(&stack);
  __cds_wfs_init(&small);
  cds_wfs_node_init(&on_stack);
  CHECK(cds_wfs_push(cds_wfs_stack_cast(&stack), &on_stack) == 0);
  CHECK(__cds_wfs_pop_blocking(cds_wfs_stack_cast(&stack)) == &on_stack);
  CHECK(cds_wfs_empty(cds_wfs_stack_const_cast(&stack)));
  CHECK(cds_wfs_empty(__cds_wfs_stack_cast(&small)));
  cds_wfs_destroy(&stack);
}

struct hashed {
  int value;
  struct cds_hlist_node node;
};

static void heads_of_lists(void) {
  CDS_HLIST_HEAD(head);
  struct cds_list_head initialized = CDS_LIST_HEAD_INIT(initialized);
  struct hashed one;
  CHECK(cds_hlist_empty(&head) && cds_list_empty(&initialized));
  cds_hlist_add_head(&one.node, &head);
  CHECK(!cds_hlist_empty(&head) && cds_hlist_first_entry(&head, struct hashed, node) == &one);
}

int main(void) {
  RUN(relaxed);
  RUN(consume);
  RUN(acquire);
  RUN(release);
  RUN(acq_rel);
  RUN(seq_cst);
  RUN(seq_cst_fence);
  RUN(orders_may_be_left_out);
  RUN(annotations);
  RUN(assertions);
  RUN(pointers_by_function);
  RUN(all_that_fits_is_shared);
  RUN(signs_are_kept);
  RUN(volatile_ones);
  RUN(heads_cast);
  RUN(heads_of_lists);
  return finish();
}
