// The flavour mb. As memb, apart from it: Weir needs no fences for it.
//
// Alone it offers urcu_mb_*, and takes back the names without a flavour; after <urcu.h> and its like they mean mb.
#ifndef WEIR_URCU_URCU_MB_H
#define WEIR_URCU_URCU_MB_H

#include <urcu/map/clear.h>
#include <urcu/weir/flavour.h>
#include <urcu/weir/sections.h>

WEIR_URCU_DECLARE_FLAVOUR(mb)
WEIR_URCU_DECLARE_SECTIONS(mb)

#if defined(_LGPL_SOURCE) || defined(URCU_INLINE_SMALL_FUNCTIONS)
#define urcu_mb_read_lock _urcu_mb_read_lock
#define urcu_mb_read_unlock _urcu_mb_read_unlock
#define urcu_mb_read_ongoing _urcu_mb_read_ongoing
#endif

#define rcu_read_lock_mb urcu_mb_read_lock
#define rcu_read_unlock_mb urcu_mb_read_unlock
#define rcu_read_ongoing_mb urcu_mb_read_ongoing
#define rcu_quiescent_state_mb urcu_mb_quiescent_state
#define rcu_thread_offline_mb urcu_mb_thread_offline
#define rcu_thread_online_mb urcu_mb_thread_online
#define rcu_register_thread_mb urcu_mb_register_thread
#define rcu_unregister_thread_mb urcu_mb_unregister_thread
#define rcu_init_mb urcu_mb_init
#define rcu_exit_mb urcu_mb_exit
#define rcu_barrier_mb urcu_mb_barrier
#define rcu_defer_register_thread_mb urcu_mb_defer_register_thread
#define rcu_defer_unregister_thread_mb urcu_mb_defer_unregister_thread
#define rcu_defer_barrier_mb urcu_mb_defer_barrier
#define rcu_defer_barrier_thread_mb urcu_mb_defer_barrier_thread
#define rcu_defer_exit_mb urcu_mb_defer_exit
#define rcu_flavor_mb urcu_mb_flavor
#define synchronize_rcu_mb urcu_mb_synchronize_rcu
#define start_poll_synchronize_rcu_mb urcu_mb_start_poll_synchronize_rcu
#define poll_state_synchronize_rcu_mb urcu_mb_poll_state_synchronize_rcu
#define call_rcu_mb urcu_mb_call_rcu
#define defer_rcu_mb urcu_mb_defer_rcu
#define call_rcu_before_fork_mb urcu_mb_call_rcu_before_fork
#define call_rcu_after_fork_parent_mb urcu_mb_call_rcu_after_fork_parent
#define call_rcu_after_fork_child_mb urcu_mb_call_rcu_after_fork_child
#define get_cpu_call_rcu_data_mb urcu_mb_get_cpu_call_rcu_data
#define get_call_rcu_thread_mb urcu_mb_get_call_rcu_thread
#define create_call_rcu_data_mb urcu_mb_create_call_rcu_data
#define set_cpu_call_rcu_data_mb urcu_mb_set_cpu_call_rcu_data
#define get_default_call_rcu_data_mb urcu_mb_get_default_call_rcu_data
#define get_call_rcu_data_mb urcu_mb_get_call_rcu_data
#define get_thread_call_rcu_data_mb urcu_mb_get_thread_call_rcu_data
#define set_thread_call_rcu_data_mb urcu_mb_set_thread_call_rcu_data
#define create_all_cpu_call_rcu_data_mb urcu_mb_create_all_cpu_call_rcu_data
#define free_all_cpu_call_rcu_data_mb urcu_mb_free_all_cpu_call_rcu_data
#define call_rcu_data_free_mb urcu_mb_call_rcu_data_free
#define urcu_register_rculfhash_atfork_mb urcu_mb_register_rculfhash_atfork
#define urcu_unregister_rculfhash_atfork_mb urcu_mb_unregister_rculfhash_atfork

#endif

#ifdef URCU_API_MAP
#include <urcu/map/urcu-mb.h>
#else
#include <urcu/map/clear.h>
#endif
