/* The repository @liburcu and the rules for C: a program built with both runs a section and a grace period. */
#define RCU_MEMB
#include <stdio.h>
#include <urcu.h>

int main(void) {
  int passed;
  rcu_register_thread();
  rcu_read_lock();
  passed = rcu_read_ongoing();
  rcu_read_unlock();
  synchronize_rcu();
  passed = passed && !rcu_read_ongoing();
  rcu_unregister_thread();
  printf("cases: %d passed, %d failed\n", passed, !passed);
  return passed ? 0 : 1;
}
