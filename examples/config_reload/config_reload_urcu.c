/* The same, as a program that was written for liburcu. It is built twice: with the system's liburcu, and with Weir's
 * //rcu/urcu, which changes what it depends on and no line here.
 *
 *     config_reload_urcu [milliseconds]
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <urcu.h>

struct config {
  struct rcu_head head;
  int ports[8]; /* all the same in a whole configuration */
};

static struct config* current;
static atomic_int over;
static atomic_int torn;

static struct config* make_config(int p) {
  struct config* c = malloc(sizeof *c);
  if (c == NULL) abort();
  for (int i = 0; i < 8; ++i) c->ports[i] = p;
  return c;
}

static void free_config(struct rcu_head* head) {
  struct config* c = caa_container_of(head, struct config, head);
  for (int i = 0; i < 8; ++i) c->ports[i] = -1;
  free(c);
}

static void handle_request(void) {
  rcu_read_lock();
  const struct config* c = rcu_dereference(current);
  if (c->ports[0] != c->ports[7] || c->ports[0] < 0) atomic_store(&torn, 1);
  rcu_read_unlock();
}

static void* serve(void* requests) {
  long n = 0;
  rcu_register_thread();
  while (atomic_load_explicit(&over, memory_order_relaxed) == 0) {
    for (int i = 0; i < 1000; ++i) handle_request();
    n += 1000;
  }
  rcu_unregister_thread();
  *(long*)requests = n;
  return NULL;
}

static void* reload(void* reloads) {
  long generation = 0;
  rcu_register_thread();
  while (atomic_load_explicit(&over, memory_order_relaxed) == 0) {
    struct config* old = rcu_xchg_pointer(&current, make_config((int)(++generation % 1000000)));
    call_rcu(&old->head, free_config);
    if (generation % 100 == 0) synchronize_rcu(); /* call_rcu() alone has no bound */
  }
  rcu_unregister_thread();
  *(long*)reloads = generation;
  return NULL;
}

int main(int argc, char** argv) {
  const long milliseconds = argc > 1 ? atol(argv[1]) : 200;
  pthread_t threads[3];
  long requests[2] = {0, 0};
  long reloads = 0;
  current = make_config(0);
  if (pthread_create(&threads[0], NULL, serve, &requests[0]) != 0 ||
      pthread_create(&threads[1], NULL, serve, &requests[1]) != 0 ||
      pthread_create(&threads[2], NULL, reload, &reloads) != 0) {
    return 2;
  }
  const struct timespec nap = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&nap, NULL);
  atomic_store(&over, 1);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
  rcu_barrier();
  free(current);
  const double seconds = (double)milliseconds / 1e3;
  printf("%.1f million reads and %.0f reloads a second; %s\n", (double)(requests[0] + requests[1]) / seconds / 1e6,
         (double)reloads / seconds, atomic_load(&torn) ? "some were torn" : "all were whole");
  printf("cases: %d passed, %d failed\n", atomic_load(&torn) ? 0 : 1, atomic_load(&torn) ? 1 : 0);
  return atomic_load(&torn);
}
