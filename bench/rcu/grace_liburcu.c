// Grace periods by liburcu's interface: see grace.h.
#include "bench/rcu/flavour.h"
#include "bench/rcu/grace.h"

static uint64_t shown = 1;
uint64_t* bench_source = &shown;  // not static: it may change, for all that the compiler knows
static _Thread_local volatile uint64_t sink;

static void arrive(void) { rcu_register_thread(); }
static void depart(void) { rcu_unregister_thread(); }

static void sections(uint64_t operations) {
  uint64_t sum = 0;
  for (uint64_t i = 0; i < operations; ++i) {
    rcu_read_lock();
    sum += *rcu_dereference(bench_source);
    rcu_read_unlock();
  }
  sink = sum;
}

static void synchronize(uint64_t operations) {
  for (uint64_t i = 0; i < operations; ++i) synchronize_rcu();
}

int main(int argc, char** argv) {
  static const struct grace_peer peer = {
      .arrive = &arrive,
      .depart = &depart,
      .read = &sections,
      .synchronize = &synchronize,
  };
  return grace_main(&peer, argc, argv);
}
