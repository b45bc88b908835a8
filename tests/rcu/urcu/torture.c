// Torture of one flavour.
//
//     torture [all|stress|perf|rperf|uperf [READERS [ROUNDS [default|cpu|thread]]]]
//
// stress   Ten structures in a pipe. One is published; each round publishes the next, makes all others one older, and
//          lets a grace period pass, by synchronize_rcu() and by call_rcu() in turn. In a section, what was loaded may
//          become 1 old, when it is replaced, and never 2: that is a grace period later. And its canary, which is set
//          before it is published and broken before it is used again, must be whole.
//          Beside that, five updaters that replace nothing, and readers whose sections nest.
//          The last argument says whose workers run the callbacks.
// perf     Readers and one updater, rperf readers only, uperf updaters only: sections and grace periods a second.
#include "tests/rcu/urcu/flavour.h"

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/rcu/urcu/check.h"

enum { PIPE = 10, FAKES = 5, MAX_READERS = 64, OFTEN = 16 };

struct piece {
  int age;
  int canary;
};

static struct piece pieces[PIPE];
static struct piece* current;
static int readers = 2;
static long rounds = 200;
static const char* workers = "default";
static int over;

struct tally {
  long sections;
  long ages[PIPE + 1];
  long broken;
  char line[128];  // of the next one
};
static struct tally tallies[MAX_READERS];

static void spin(unsigned n) {
  while (n-- > 0) caa_cpu_relax();
}

static unsigned random_number(unsigned* state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 16;
}

// One section; in every fourth another is nested, which ends first.
static void look(struct tally* tally, unsigned* seed) {
  const unsigned luck = random_number(seed);
  const struct piece* seen;
  int age;
  rcu_read_lock();
  if (luck % 4 == 0) {
    rcu_read_lock();
    rcu_read_lock();
  }
  seen = rcu_dereference(current);
  if (uatomic_read(&seen->canary) != 1) ++tally->broken;
  spin(luck % 64);
  if (luck % 4 == 0) {
    rcu_read_unlock();
    rcu_read_unlock();
  }
  if (luck % 128 == 0) sched_yield();
  age = uatomic_read(&seen->age);
  if (uatomic_read(&seen->canary) != 1) ++tally->broken;
  rcu_read_unlock();
  ++tally->ages[age < 0 || age > PIPE ? PIPE : age];
  if (++tally->sections % OFTEN == 0) quiescent();
}

static void* reads(void* arg) {
  struct tally* tally = (struct tally*)arg;
  unsigned seed = (unsigned)(uintptr_t)arg;
  rcu_register_thread();
  while (!uatomic_read(&over)) look(tally, &seed);
  rcu_unregister_thread();
  return NULL;
}

static void* updates_nothing(void* arg) {
  unsigned seed = (unsigned)(uintptr_t)arg;
  while (!uatomic_read(&over)) {
    synchronize_rcu();
    spin(random_number(&seed) % 256);
  }
  return NULL;
}

static int called;

// Read-modify-writes, which order by themselves what is told: ThreadSanitizer does not know bare fences.
static void called_back(struct rcu_head* head) {
  (void)head;
  uatomic_xchg(&called, 1);
}

static void a_grace_period_by_call(void) {
  static struct rcu_head head;
  uatomic_set(&called, 0);
  call_rcu(&head, called_back);
  offline();
  while (uatomic_cmpxchg(&called, 1, 2) != 1) sched_yield();
  online();
}

static void replace(long round) {
  struct piece* const next = &pieces[round % PIPE];
  int i;
  uatomic_set(&next->canary, 0);
  uatomic_set(&next->age, 0);
  uatomic_set(&next->canary, 1);
  rcu_assign_pointer(current, next);
  for (i = 0; i < PIPE; ++i) {
    if (&pieces[i] != next) uatomic_inc(&pieces[i].age);
  }
}

static void* updates(void* arg) {
  long round;
  (void)arg;
  struct call_rcu_data* own = NULL;
  rcu_register_thread();
  if (strcmp(workers, "thread") == 0) {
    own = create_call_rcu_data(0, -1);
    CHECK(own != NULL);
    set_thread_call_rcu_data(own);
  }
  for (round = 1; round <= rounds; ++round) {
    replace(round);
    if (round % 2 == 0) {
      synchronize_rcu();
    } else {
      a_grace_period_by_call();
    }
    quiescent();
  }
  uatomic_set(&over, 1);
  set_thread_call_rcu_data(NULL);
  offline();  // it may be waiting for us
  call_rcu_data_free(own);
  online();
  rcu_unregister_thread();
  return NULL;
}

static void* reads_many(void* arg) {
  struct tally* tally = (struct tally*)arg;
  const long many = rounds * 500;
  rcu_register_thread();
  while (tally->sections < many) {
    rcu_read_lock();
    if (uatomic_read(&rcu_dereference(current)->canary) != 1) ++tally->broken;
    rcu_read_unlock();
    if (++tally->sections % OFTEN == 0) quiescent();
  }
  rcu_unregister_thread();
  return NULL;
}

static void* synchronizes(void* arg) {
  long i;
  (void)arg;
  for (i = 0; i < rounds; ++i) synchronize_rcu();
  uatomic_set(&over, 1);
  return NULL;
}

static pthread_t threads[MAX_READERS + FAKES + 1];
static int started;

static void begin(void) {
  int i;
  memset(tallies, 0, sizeof tallies);
  for (i = 0; i < PIPE; ++i) {
    pieces[i].age = i == 0 ? 0 : PIPE;
    pieces[i].canary = 1;
  }
  rcu_assign_pointer(current, &pieces[0]);
  over = 0;
  started = 0;
}

static void start(void* (*work)(void*), void* arg) { CHECK(pthread_create(&threads[started++], NULL, work, arg) == 0); }

static double now(void) {
  struct timespec t;
  timespec_get(&t, TIME_UTC);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Joins all, and tells what they have done.
static void end(const char* mode, long updates_made, double began) {
  long sections = 0, broken = 0, ages[PIPE + 1];
  double seconds;
  int i, k;
  for (i = 0; i < started; ++i) pthread_join(threads[i], NULL);
  seconds = now() - began;
  memset(ages, 0, sizeof ages);
  for (i = 0; i < MAX_READERS; ++i) {
    sections += tallies[i].sections;
    broken += tallies[i].broken;
    for (k = 0; k <= PIPE; ++k) ages[k] += tallies[i].ages[k];
  }
  printf("%s: %ld sections, %ld grace periods in %.3f s; ages", mode, sections, updates_made, seconds);
  for (k = 0; k <= PIPE; ++k) printf(" %ld", ages[k]);
  printf("; broken canaries %ld\n", broken);
  CHECK(broken == 0);
  for (k = 2; k <= PIPE; ++k) CHECK(ages[k] == 0);
}

static void start_readers(void* (*work)(void*)) {
  int i;
  for (i = 0; i < readers; ++i) start(work, &tallies[i]);
}

static void stress(void) {
  const double began = now();
  const int each_cpu = strcmp(workers, "cpu") == 0;
  int i;
  if (each_cpu) CHECK(create_all_cpu_call_rcu_data(0) == 0);
  begin();
  start_readers(reads);
  for (i = 0; i < FAKES; ++i) start(updates_nothing, &pieces[i]);
  start(updates, NULL);
  end("stress", rounds, began);
  if (each_cpu) free_all_cpu_call_rcu_data();
}

static void perf(void) {
  const double began = now();
  begin();
  start_readers(reads);
  start(synchronizes, NULL);
  end("perf", rounds, began);
}

static void rperf(void) {
  const double began = now();
  begin();
  start_readers(reads_many);
  end("rperf", 0, began);
}

static void uperf(void) {
  const double began = now();
  int i;
  begin();
  for (i = 0; i < readers; ++i) start(synchronizes, NULL);
  end("uperf", rounds * readers, began);
}

int main(int argc, char** argv) {
  const char* mode = argc > 1 ? argv[1] : "all";
  const int all = strcmp(mode, "all") == 0;
  if (argc > 2) readers = atoi(argv[2]);
  if (argc > 3) rounds = atol(argv[3]);
  if (argc > 4) workers = argv[4];
  if (readers < 1 || readers > MAX_READERS) readers = 1;
  if (all || strcmp(mode, "stress") == 0) RUN(stress);
  if (all || strcmp(mode, "perf") == 0) RUN(perf);
  if (all || strcmp(mode, "rperf") == 0) RUN(rperf);
  if (all || strcmp(mode, "uperf") == 0) RUN(uperf);
  return finish();
}
