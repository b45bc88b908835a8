// The example at the head of weir/sync/nt/ntapi.h.
#include "tests/rcu/urcu/check.h"
#include "weir/sync/nt/ntapi.h"

static void example(void) {
  HANDLE e;
  CHECK(NtCreateEvent(&e, EVENT_ALL_ACCESS, NULL, SynchronizationEvent, FALSE) == STATUS_SUCCESS);
  CHECK(NtSetEvent(e, NULL) == STATUS_SUCCESS);
  CHECK(NtWaitForSingleObject(e, FALSE, NULL) == STATUS_SUCCESS);
  CHECK(NtClose(e) == STATUS_SUCCESS);
}

int main(void) {
  RUN(example);
  return finish();
}
