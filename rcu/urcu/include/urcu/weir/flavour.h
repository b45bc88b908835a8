// What each flavour offers, but for its sections. Internal: include <urcu.h>, or <urcu/urcu-memb.h> and its like.
//
// The names of the interface are the compiler's; the linker knows the functions by names of Weir's own, so that a
// system's liburcu in the same process is not captured, nor captures.
#ifndef WEIR_URCU_WEIR_FLAVOUR_H
#define WEIR_URCU_WEIR_FLAVOUR_H

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <urcu/arch.h>
#include <urcu/call-rcu.h>
#include <urcu/compiler.h>
#include <urcu/config.h>
#include <urcu/defer.h>
#include <urcu/flavor.h>
#include <urcu/pointer.h>
#include <urcu/tls-compat.h>
#include <urcu/uatomic.h>
#include <urcu/urcu-poll.h>

#ifdef __cplusplus
#define WEIR_URCU_C_BEGIN extern "C" {
#define WEIR_URCU_C_END }
#else
#define WEIR_URCU_C_BEGIN
#define WEIR_URCU_C_END
#endif

// All are thread-safe and not signal-safe, but for sections and quiescent states of a thread that is registered.
//
// register_thread    Before the first section, but for bp; ended by unregister_thread, outside of sections. An
//                    assertion tells of a section without it. Registering costs nothing; sections without it are
//                    slower. bp: a thread's first section registers it, and may be interrupted by a handler that has
//                    sections; it allocates, so it must not be a handler's own that has interrupted malloc().
// synchronize_rcu    Waits until every section that is open now has ended. Not in a section.
// start_poll         The same without waiting; poll_state says whether that is so by now, and helps.
// call_rcu           Calls func(head) once every section that is open now has ended: on the worker of the thread, else
//                    on that of the processor, else on the default one, which it starts. Never waits for sections. The
//                    callback may open sections, call call_rcu() and synchronize_rcu(); not barrier.
// barrier            Waits for all callbacks of call_rcu() that any thread has given before. Not in a section.
// create_call_rcu_data
//                    A worker; pinned to a processor if that is not negative. Null: no memory, or no thread.
// call_rcu_data_free Ends a worker; what it has not run goes to the default one, which is never freed. Nobody may use
//                    it any more: assign null in its place, and let a grace period pass. Not in a section, nor in a
//                    callback that it runs.
// set_cpu_call_rcu_data
//                    0; or an error below zero, and errno: EINVAL, there is no such processor; EEXIST, it has
//                    a worker; ENOMEM.
// create_all_cpu_call_rcu_data
//                    A worker for each processor that has none. 0, or an error as above.
// call_rcu_before_fork, call_rcu_after_fork_parent, call_rcu_after_fork_child
//                    Around fork(), if the child uses call_rcu(), not in a section: workers pause meanwhile; the child
//                    has one of its own, which runs also what the parent's had not. Callbacks must not fork.
// register_rculfhash_atfork
//                    Functions that those three call, with no worker's lock held. The first one counts. Neither it nor
//                    unregister_rculfhash_atfork in a section, a callback, or such a function: they wait for a fork.
// defer_rcu          Calls fct(p) once every section that is open now has ended: on some thread, within a tenth of a
//                    second; cheaper than call_rcu(). Waits for a grace period if DEFER_QUEUE_SIZE are waiting: not in
//                    a section. Needs defer_register_thread, which returns 0, or an error number. The callback may open
//                    sections and call synchronize_rcu() and call_rcu(); nothing of defer's. A child
//                    defers only if nobody was registered for it at fork(): see README.md.
// defer_barrier      Runs all that has been deferred before, by all threads; defer_barrier_thread, by the calling one.
#define WEIR_URCU_DECLARE_FLAVOUR(f)                                                                                  \
  WEIR_URCU_C_BEGIN                                                                                                   \
  extern const struct rcu_flavor_struct urcu_##f##_flavor WEIR_URCU_SYMBOL(urcu_##f##_flavor);                        \
  void urcu_##f##_read_lock(void) WEIR_URCU_SYMBOL(urcu_##f##_read_lock);                                             \
  void urcu_##f##_read_unlock(void) WEIR_URCU_SYMBOL(urcu_##f##_read_unlock);                                         \
  int urcu_##f##_read_ongoing(void) WEIR_URCU_SYMBOL(urcu_##f##_read_ongoing);                                        \
  void urcu_##f##_quiescent_state(void) WEIR_URCU_SYMBOL(urcu_##f##_quiescent_state);                                 \
  void urcu_##f##_thread_offline(void) WEIR_URCU_SYMBOL(urcu_##f##_thread_offline);                                   \
  void urcu_##f##_thread_online(void) WEIR_URCU_SYMBOL(urcu_##f##_thread_online);                                     \
  void urcu_##f##_register_thread(void) WEIR_URCU_SYMBOL(urcu_##f##_register_thread);                                 \
  void urcu_##f##_unregister_thread(void) WEIR_URCU_SYMBOL(urcu_##f##_unregister_thread);                             \
  WEIR_URCU_INLINE void urcu_##f##_init(void) {}                                                                      \
  WEIR_URCU_INLINE void urcu_##f##_exit(void) {}                                                                      \
  void urcu_##f##_synchronize_rcu(void) WEIR_URCU_SYMBOL(urcu_##f##_synchronize_rcu);                                 \
  struct urcu_gp_poll_state urcu_##f##_start_poll_synchronize_rcu(void)                                               \
      WEIR_URCU_SYMBOL(urcu_##f##_start_poll_synchronize_rcu);                                                        \
  bool urcu_##f##_poll_state_synchronize_rcu(struct urcu_gp_poll_state state)                                         \
      WEIR_URCU_SYMBOL(urcu_##f##_poll_state_synchronize_rcu);                                                        \
                                                                                                                      \
  void urcu_##f##_call_rcu(struct rcu_head* head, void (*func)(struct rcu_head * head))                               \
      WEIR_URCU_SYMBOL(urcu_##f##_call_rcu);                                                                          \
  void urcu_##f##_barrier(void) WEIR_URCU_SYMBOL(urcu_##f##_barrier);                                                 \
  struct call_rcu_data* urcu_##f##_create_call_rcu_data(unsigned long flags, int cpu_affinity)                        \
      WEIR_URCU_SYMBOL(urcu_##f##_create_call_rcu_data);                                                              \
  void urcu_##f##_call_rcu_data_free(struct call_rcu_data* crdp) WEIR_URCU_SYMBOL(urcu_##f##_call_rcu_data_free);     \
  struct call_rcu_data* urcu_##f##_get_default_call_rcu_data(void)                                                    \
      WEIR_URCU_SYMBOL(urcu_##f##_get_default_call_rcu_data);                                                         \
  struct call_rcu_data* urcu_##f##_get_cpu_call_rcu_data(int cpu) WEIR_URCU_SYMBOL(urcu_##f##_get_cpu_call_rcu_data); \
  struct call_rcu_data* urcu_##f##_get_thread_call_rcu_data(void)                                                     \
      WEIR_URCU_SYMBOL(urcu_##f##_get_thread_call_rcu_data);                                                          \
  struct call_rcu_data* urcu_##f##_get_call_rcu_data(void) WEIR_URCU_SYMBOL(urcu_##f##_get_call_rcu_data);            \
  pthread_t urcu_##f##_get_call_rcu_thread(struct call_rcu_data* crdp)                                                \
      WEIR_URCU_SYMBOL(urcu_##f##_get_call_rcu_thread);                                                               \
  void urcu_##f##_set_thread_call_rcu_data(struct call_rcu_data* crdp)                                                \
      WEIR_URCU_SYMBOL(urcu_##f##_set_thread_call_rcu_data);                                                          \
  int urcu_##f##_set_cpu_call_rcu_data(int cpu, struct call_rcu_data* crdp)                                           \
      WEIR_URCU_SYMBOL(urcu_##f##_set_cpu_call_rcu_data);                                                             \
  int urcu_##f##_create_all_cpu_call_rcu_data(unsigned long flags)                                                    \
      WEIR_URCU_SYMBOL(urcu_##f##_create_all_cpu_call_rcu_data);                                                      \
  void urcu_##f##_free_all_cpu_call_rcu_data(void) WEIR_URCU_SYMBOL(urcu_##f##_free_all_cpu_call_rcu_data);           \
  void urcu_##f##_call_rcu_before_fork(void) WEIR_URCU_SYMBOL(urcu_##f##_call_rcu_before_fork);                       \
  void urcu_##f##_call_rcu_after_fork_parent(void) WEIR_URCU_SYMBOL(urcu_##f##_call_rcu_after_fork_parent);           \
  void urcu_##f##_call_rcu_after_fork_child(void) WEIR_URCU_SYMBOL(urcu_##f##_call_rcu_after_fork_child);             \
  void urcu_##f##_register_rculfhash_atfork(struct urcu_atfork* atfork)                                               \
      WEIR_URCU_SYMBOL(urcu_##f##_register_rculfhash_atfork);                                                         \
  void urcu_##f##_unregister_rculfhash_atfork(struct urcu_atfork* atfork)                                             \
      WEIR_URCU_SYMBOL(urcu_##f##_unregister_rculfhash_atfork);                                                       \
                                                                                                                      \
  void urcu_##f##_defer_rcu(void (*fct)(void* p), void* p) WEIR_URCU_SYMBOL(urcu_##f##_defer_rcu);                    \
  int urcu_##f##_defer_register_thread(void) WEIR_URCU_SYMBOL(urcu_##f##_defer_register_thread);                      \
  void urcu_##f##_defer_unregister_thread(void) WEIR_URCU_SYMBOL(urcu_##f##_defer_unregister_thread);                 \
  void urcu_##f##_defer_barrier(void) WEIR_URCU_SYMBOL(urcu_##f##_defer_barrier);                                     \
  void urcu_##f##_defer_barrier_thread(void) WEIR_URCU_SYMBOL(urcu_##f##_defer_barrier_thread);                       \
  void urcu_##f##_defer_exit(void) WEIR_URCU_SYMBOL(urcu_##f##_defer_exit);                                           \
  WEIR_URCU_C_END

#endif
