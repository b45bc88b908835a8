// A reader and a writer with ck's hazard pointers: see bench/support/mixed.h.
#include <errno.h>

#include "bench/hazard/ck.h"
#include "bench/support/cpu.h"
#include "bench/support/mixed.h"

enum { exactly_word = bench_node_words - 2 };  // whether the node is counted exactly

_Static_assert(sizeof(ck_hp_hazard_t) <= exactly_word * sizeof(uint64_t), "a node begins with its ck_hp_hazard_t");

static struct { _Alignas(128) void* to; } source;

static _Alignas(128) volatile uint64_t sink;

static struct bench_ck ck = BENCH_CK;
static _Thread_local struct bench_ck_record* own;

static void arrive(void) {
  own = bench_ck_take(&ck);
  if (own == NULL) bench_die("so many threads with hazard pointers", ENOSPC);
}

static void depart(void) { bench_ck_give(&ck, own); }

static void sections(uint64_t operations) {
  struct bench_ck_record* const h = own;
  uint64_t sum = 0;
  for (uint64_t i = 0; i < operations; ++i) {
    sum += ((const uint64_t*)bench_ck_protect(h, &source.to))[bench_node_words - 1];
    bench_ck_reset(h);
  }
  sink = sum;
}

static void reclaim(void* object) {
  const uint64_t* const node = object;
  if (node[exactly_word] != 0) {
    bench_free_exactly(object);
  } else {
    bench_free(object);
  }
}

static void update_one(uint64_t exactly) {
  uint64_t* const made = bench_node();
  ck_pr_fence_store();  // what it holds is there before it is
  uint64_t* const node = ck_pr_fas_ptr(&source.to, made);
  node[exactly_word] = exactly;
  ck_hp_free(&own->record, (ck_hp_hazard_t*)node, node, node);
}

static void update(uint64_t operations) {
  for (uint64_t i = 0; i < operations; ++i) update_one(0);
  bench_retired(operations);
}

static void update_exactly(uint64_t operations) {
  for (uint64_t i = 0; i < operations; ++i) {
    update_one(1);
    bench_retired_exactly();
  }
}

static void barrier(void) { bench_ck_barrier(&ck); }

int main(int argc, char** argv) {
  static const struct mixed_peer peer = {&arrive, &depart, &sections, &update, &update_exactly, &barrier};
  bench_ck_prepare(&ck, &reclaim);
  source.to = bench_node();
  return mixed_main(&peer, argc, argv);
}
