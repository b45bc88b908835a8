// C++ programs that include the headers in extern "C" of their own, as C's old ones are.
extern "C" {
#include <urcu-bp.h>
#include <urcu.h>
#include <urcu/cds.h>
#include <urcu/ref.h>
#include <urcu/system.h>
#include <urcu/urcu-qsbr.h>
}

#include "tests/rcu/urcu/check.h"

static void as_without(void) {
  long x = 1;
  uatomic_set(&x, 2);
  rcu_register_thread();
  rcu_read_lock();
  CHECK(CMM_LOAD_SHARED(x) == 2);
  rcu_read_unlock();
  rcu_unregister_thread();
}

int main() {
  RUN(as_without);
  return finish();
}
