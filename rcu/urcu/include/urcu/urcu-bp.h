// The flavour bp. As memb, for libraries that cannot register threads: a thread registers in its first section.
//
// Alone it offers urcu_bp_*, and takes back the names without a flavour; after <urcu.h> and its like they mean bp.
#ifndef WEIR_URCU_URCU_BP_H
#define WEIR_URCU_URCU_BP_H

#include <urcu/map/clear.h>
#include <urcu/weir/flavour.h>
#include <urcu/weir/sections.h>

WEIR_URCU_DECLARE_FLAVOUR(bp)
WEIR_URCU_DECLARE_SECTIONS(bp)

#ifdef __cplusplus
extern "C" {
#endif
// Around fork(): nothing needs to be done, the flavour finds out by itself.
void urcu_bp_before_fork(void) WEIR_URCU_SYMBOL(urcu_bp_before_fork);
void urcu_bp_after_fork_parent(void) WEIR_URCU_SYMBOL(urcu_bp_after_fork_parent);
void urcu_bp_after_fork_child(void) WEIR_URCU_SYMBOL(urcu_bp_after_fork_child);
#ifdef __cplusplus
}
#endif

#if defined(_LGPL_SOURCE) || defined(URCU_INLINE_SMALL_FUNCTIONS)
#define urcu_bp_read_lock _urcu_bp_read_lock
#define urcu_bp_read_unlock _urcu_bp_read_unlock
#define urcu_bp_read_ongoing _urcu_bp_read_ongoing
#endif

#define rcu_read_lock_bp urcu_bp_read_lock
#define rcu_read_unlock_bp urcu_bp_read_unlock
#define rcu_read_ongoing_bp urcu_bp_read_ongoing
#define rcu_quiescent_state_bp urcu_bp_quiescent_state
#define rcu_thread_offline_bp urcu_bp_thread_offline
#define rcu_thread_online_bp urcu_bp_thread_online
#define rcu_register_thread_bp urcu_bp_register_thread
#define rcu_unregister_thread_bp urcu_bp_unregister_thread
#define rcu_init_bp urcu_bp_init
#define rcu_exit_bp urcu_bp_exit
#define rcu_barrier_bp urcu_bp_barrier
#define rcu_defer_register_thread_bp urcu_bp_defer_register_thread
#define rcu_defer_unregister_thread_bp urcu_bp_defer_unregister_thread
#define rcu_defer_barrier_bp urcu_bp_defer_barrier
#define rcu_defer_barrier_thread_bp urcu_bp_defer_barrier_thread
#define rcu_defer_exit_bp urcu_bp_defer_exit
#define rcu_flavor_bp urcu_bp_flavor
#define synchronize_rcu_bp urcu_bp_synchronize_rcu
#define start_poll_synchronize_rcu_bp urcu_bp_start_poll_synchronize_rcu
#define poll_state_synchronize_rcu_bp urcu_bp_poll_state_synchronize_rcu
#define call_rcu_bp urcu_bp_call_rcu
#define defer_rcu_bp urcu_bp_defer_rcu
#define call_rcu_before_fork_bp urcu_bp_call_rcu_before_fork
#define call_rcu_after_fork_parent_bp urcu_bp_call_rcu_after_fork_parent
#define call_rcu_after_fork_child_bp urcu_bp_call_rcu_after_fork_child
#define get_cpu_call_rcu_data_bp urcu_bp_get_cpu_call_rcu_data
#define get_call_rcu_thread_bp urcu_bp_get_call_rcu_thread
#define create_call_rcu_data_bp urcu_bp_create_call_rcu_data
#define set_cpu_call_rcu_data_bp urcu_bp_set_cpu_call_rcu_data
#define get_default_call_rcu_data_bp urcu_bp_get_default_call_rcu_data
#define get_call_rcu_data_bp urcu_bp_get_call_rcu_data
#define get_thread_call_rcu_data_bp urcu_bp_get_thread_call_rcu_data
#define set_thread_call_rcu_data_bp urcu_bp_set_thread_call_rcu_data
#define create_all_cpu_call_rcu_data_bp urcu_bp_create_all_cpu_call_rcu_data
#define free_all_cpu_call_rcu_data_bp urcu_bp_free_all_cpu_call_rcu_data
#define call_rcu_data_free_bp urcu_bp_call_rcu_data_free
#define urcu_register_rculfhash_atfork_bp urcu_bp_register_rculfhash_atfork
#define urcu_unregister_rculfhash_atfork_bp urcu_bp_unregister_rculfhash_atfork

#endif

#ifdef URCU_API_MAP
#include <urcu/map/urcu-bp.h>
#else
#include <urcu/map/clear.h>
#endif
