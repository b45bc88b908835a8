// The functions of a flavour, but for its sections, as forwards. Internal.
//
//     f        the flavour's name
//     domain   its domain
//     ways     sections<...> or states<...>
//     cbs      callbacks_of<...>
#pragma once

#include "weir/rcu/urcu/flavour.h"

#define WEIR_URCU_DEFINE_FLAVOUR(f, domain, ways, cbs)                                                                 \
  extern "C" {                                                                                                         \
  int weir_urcu_##f##_is_inside(void) { return ways::is_inside() ? 1 : 0; }                                            \
  int urcu_##f##_read_ongoing(void) { return ways::is_inside() ? 1 : 0; }                                              \
  void urcu_##f##_register_thread(void) { ways::register_thread(); }                                                   \
  void urcu_##f##_unregister_thread(void) { ways::unregister_thread(); }                                               \
  void urcu_##f##_synchronize_rcu(void) { ways::synchronize(); }                                                       \
  urcu_gp_poll_state urcu_##f##_start_poll_synchronize_rcu(void) {                                                     \
    return weir::rcu::urcu::to_state(domain.value.start_poll());                                                       \
  }                                                                                                                    \
  bool urcu_##f##_poll_state_synchronize_rcu(urcu_gp_poll_state state) {                                               \
    return domain.value.poll(weir::rcu::urcu::to_period(state));                                                       \
  }                                                                                                                    \
  void urcu_##f##_call_rcu(rcu_head* head, void (*func)(rcu_head*)) { cbs::calls.value.call(head, func); }             \
  void urcu_##f##_barrier(void) { cbs::calls.value.barrier(); }                                                        \
  call_rcu_data* urcu_##f##_create_call_rcu_data(unsigned long flags, int cpu) {                                       \
    return cbs::calls.value.create(flags, cpu);                                                                        \
  }                                                                                                                    \
  void urcu_##f##_call_rcu_data_free(call_rcu_data* w) { cbs::calls.value.free(w); }                                   \
  call_rcu_data* urcu_##f##_get_default_call_rcu_data(void) { return cbs::calls.value.standard(); }                    \
  call_rcu_data* urcu_##f##_get_cpu_call_rcu_data(int cpu) { return cbs::calls.value.of_cpu(cpu); }                    \
  call_rcu_data* urcu_##f##_get_thread_call_rcu_data(void) { return cbs::calls.value.of_thread(); }                    \
  call_rcu_data* urcu_##f##_get_call_rcu_data(void) { return cbs::calls.value.for_caller(); }                          \
  pthread_t urcu_##f##_get_call_rcu_thread(call_rcu_data* w) { return w->thread; }                                     \
  void urcu_##f##_set_thread_call_rcu_data(call_rcu_data* w) { cbs::calls.value.set_of_thread(w); }                    \
  int urcu_##f##_set_cpu_call_rcu_data(int cpu, call_rcu_data* w) { return cbs::calls.value.set_of_cpu(cpu, w); }      \
  int urcu_##f##_create_all_cpu_call_rcu_data(unsigned long flags) { return cbs::calls.value.create_all_cpus(flags); } \
  void urcu_##f##_free_all_cpu_call_rcu_data(void) { cbs::calls.value.free_all_cpus(); }                               \
  void urcu_##f##_call_rcu_before_fork(void) { cbs::calls.value.before_fork(); }                                       \
  void urcu_##f##_call_rcu_after_fork_parent(void) { cbs::calls.value.after_fork_in_parent(); }                        \
  void urcu_##f##_call_rcu_after_fork_child(void) { cbs::calls.value.after_fork_in_child(); }                          \
  void urcu_##f##_register_rculfhash_atfork(urcu_atfork* a) { cbs::calls.value.register_atfork(a); }                   \
  void urcu_##f##_unregister_rculfhash_atfork(urcu_atfork* a) { cbs::calls.value.unregister_atfork(a); }               \
  void urcu_##f##_defer_rcu(void (*fct)(void*), void* p) { cbs::deferred.value.defer(fct, p); }                        \
  int urcu_##f##_defer_register_thread(void) { return cbs::deferred.value.register_thread(); }                         \
  void urcu_##f##_defer_unregister_thread(void) { cbs::deferred.value.unregister_thread(); }                           \
  void urcu_##f##_defer_barrier(void) { cbs::deferred.value.barrier(); }                                               \
  void urcu_##f##_defer_barrier_thread(void) { cbs::deferred.value.barrier_of_thread(); }                              \
  void urcu_##f##_defer_exit(void) { cbs::deferred.value.exit(); }                                                     \
                                                                                                                       \
  const rcu_flavor_struct urcu_##f##_flavor = {                                                                        \
      .read_lock = urcu_##f##_read_lock,                                                                               \
      .read_unlock = urcu_##f##_read_unlock,                                                                           \
      .read_ongoing = urcu_##f##_read_ongoing,                                                                         \
      .read_quiescent_state = urcu_##f##_quiescent_state,                                                              \
      .update_call_rcu = urcu_##f##_call_rcu,                                                                          \
      .update_synchronize_rcu = urcu_##f##_synchronize_rcu,                                                            \
      .update_defer_rcu = urcu_##f##_defer_rcu,                                                                        \
      .thread_offline = urcu_##f##_thread_offline,                                                                     \
      .thread_online = urcu_##f##_thread_online,                                                                       \
      .register_thread = urcu_##f##_register_thread,                                                                   \
      .unregister_thread = urcu_##f##_unregister_thread,                                                               \
      .barrier = urcu_##f##_barrier,                                                                                   \
      .register_rculfhash_atfork = urcu_##f##_register_rculfhash_atfork,                                               \
      .unregister_rculfhash_atfork = urcu_##f##_unregister_rculfhash_atfork,                                           \
      .update_start_poll_synchronize_rcu = urcu_##f##_start_poll_synchronize_rcu,                                      \
      .update_poll_state_synchronize_rcu = urcu_##f##_poll_state_synchronize_rcu,                                      \
  };                                                                                                                   \
  }

// memb, mb and bp: the domain, and its sections.
#define WEIR_URCU_DEFINE_SECTIONS(f)                                                                                  \
  extern "C" constinit weir::detail::forever<weir::rcu::urcu::open_domain<weir::rcu::domain>> weir_urcu_##f##_domain; \
  constinit weir::detail::forever<weir::rcu::urcu::open_domain<weir::rcu::domain>> weir_urcu_##f##_domain;            \
  static_assert(weir_urcu_##f##_domain.value.begins_with_newest());                                                   \
  namespace {                                                                                                         \
  using f##_ways = weir::rcu::urcu::sections<weir::rcu::urcu::which::f, weir_urcu_##f##_domain>;                      \
  using f##_callbacks = weir::rcu::urcu::callbacks_of<weir::rcu::urcu::which::f, f##_ways>;                           \
  }                                                                                                                   \
  extern "C" {                                                                                                        \
  void weir_urcu_##f##_enter_slowly(void) { f##_ways::enter_slowly(); }                                               \
  void weir_urcu_##f##_leave_slowly(void) { f##_ways::leave_slowly(); }                                               \
  void urcu_##f##_read_lock(void) { _urcu_##f##_read_lock(); }                                                        \
  void urcu_##f##_read_unlock(void) { _urcu_##f##_read_unlock(); }                                                    \
  void urcu_##f##_quiescent_state(void) {}                                                                            \
  void urcu_##f##_thread_offline(void) {}                                                                             \
  void urcu_##f##_thread_online(void) {}                                                                              \
  }                                                                                                                   \
  WEIR_URCU_DEFINE_FLAVOUR(f, weir_urcu_##f##_domain, f##_ways, f##_callbacks)
