// Retiring by liburcu's interface, by call_rcu() and by defer_rcu(): see retire.h.
#include "bench/rcu/flavour.h"
#include "bench/support/retire.h"

_Static_assert(sizeof(struct rcu_head) <= sizeof(struct bench_object), "an object begins with its rcu_head");

static uint64_t lesser(uint64_t a, uint64_t b) { return a < b ? a : b; }

// call_rcu()

static void reclaim(struct rcu_head* head) {
  (void)head;
  bench_reclaimed();
}

static void reclaim_exactly(struct rcu_head* head) {
  (void)head;
  bench_reclaimed_exactly();
}

static void call(struct bench_object* objects, uint64_t count) {
  for (uint64_t done = 0; done < count;) {
    const uint64_t some = lesser(count - done, bench_at_a_time);
    for (uint64_t i = 0; i < some; ++i) call_rcu((struct rcu_head*)&objects[done + i], &reclaim);
    bench_retired(some);
    done += some;
  }
}

static void call_exactly(struct bench_object* objects, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) {
    call_rcu((struct rcu_head*)&objects[i], &reclaim_exactly);
    bench_retired_exactly();
  }
}

static void arrive(void) { rcu_register_thread(); }
static void depart(void) { rcu_unregister_thread(); }
static void barrier(void) { rcu_barrier(); }

// defer_rcu()

static void reclaim_deferred(void* object) {
  (void)object;
  bench_reclaimed();
}

static void reclaim_deferred_exactly(void* object) {
  (void)object;
  bench_reclaimed_exactly();
}

static void defer(struct bench_object* objects, uint64_t count) {
  for (uint64_t done = 0; done < count;) {
    const uint64_t some = lesser(count - done, bench_at_a_time);
    for (uint64_t i = 0; i < some; ++i) defer_rcu(&reclaim_deferred, &objects[done + i]);
    bench_retired(some);
    done += some;
  }
}

static void defer_exactly(struct bench_object* objects, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) {
    defer_rcu(&reclaim_deferred_exactly, &objects[i]);
    bench_retired_exactly();
  }
}

static void arrive_to_defer(void) {
  rcu_register_thread();
  rcu_defer_register_thread();
}

static void depart_from_deferring(void) {
  rcu_defer_unregister_thread();
  rcu_unregister_thread();
}

static void defer_barrier(void) { rcu_defer_barrier(); }

int main(int argc, char** argv) {
  static const struct retire_peer calls = {&arrive, &depart, &call, &call_exactly, &barrier};
  static const struct retire_peer defers = {&arrive_to_defer, &depart_from_deferring, &defer, &defer_exactly,
                                            &defer_barrier};
  static const struct retire_row rows[] = {
      {"call_1t", 1, &calls},
      {"call_2t", 2, &calls},
      {"defer_1t", 1, &defers},
      {NULL, 0, NULL},
  };
  return retire_main(rows, argc, argv);
}
