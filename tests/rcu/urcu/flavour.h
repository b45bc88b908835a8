// The flavour that a program is compiled for: TEST_MEMB, TEST_MB, TEST_QSBR or TEST_BP.
#ifndef TESTS_RCU_URCU_FLAVOUR_H
#define TESTS_RCU_URCU_FLAVOUR_H

#if defined(TEST_QSBR)
#include <urcu-qsbr.h>
enum { quiescent_flavour = 1 };
#elif defined(TEST_BP)
#include <urcu-bp.h>
enum { quiescent_flavour = 0 };
#elif defined(TEST_MB)
#define RCU_MB
#include <urcu.h>
enum { quiescent_flavour = 0 };
#else
#include <urcu.h>
enum { quiescent_flavour = 0 };
#endif

#if defined(TEST_QSBR)
#define quiescent() rcu_quiescent_state()
#define offline() rcu_thread_offline()
#define online() rcu_thread_online()
#else
#define quiescent() ((void)0)
#define offline() ((void)0)
#define online() ((void)0)
#endif

#endif
