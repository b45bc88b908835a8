// A reader and a writer by liburcu's interface, with call_rcu(): see mixed.h.
#include "bench/rcu/flavour.h"
#include "bench/support/mixed.h"

_Static_assert(sizeof(struct rcu_head) < bench_node_words * sizeof(uint64_t), "a node begins with its rcu_head");

static struct { _Alignas(128) uint64_t* to; } source;

static _Alignas(128) volatile uint64_t sink;

static void sections(uint64_t operations) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < operations; ++i) {
    rcu_read_lock();
    sum += rcu_dereference(source.to)[bench_node_words - 1];
    rcu_read_unlock();
  }
  sink = sum;
}

static void reclaim(struct rcu_head* head) { bench_free(head); }
static void reclaim_exactly(struct rcu_head* head) { bench_free_exactly(head); }

static void update(uint64_t operations) {
  for (uint64_t i = 0; i < operations; ++i) {
    call_rcu((struct rcu_head*)rcu_xchg_pointer(&source.to, bench_node()), &reclaim);
  }
  bench_retired(operations);
}

static void update_exactly(uint64_t operations) {
  for (uint64_t i = 0; i < operations; ++i) {
    call_rcu((struct rcu_head*)rcu_xchg_pointer(&source.to, bench_node()), &reclaim_exactly);
    bench_retired_exactly();
  }
}

static void arrive(void) { rcu_register_thread(); }
static void depart(void) { rcu_unregister_thread(); }
static void barrier(void) { rcu_barrier(); }

int main(int argc, char** argv) {
  static const struct mixed_peer peer = {&arrive, &depart, &sections, &update, &update_exactly, &barrier};
  source.to = bench_node();
  return mixed_main(&peer, argc, argv);
}
