// A program with a part that is compiled against Weir and a part that is compiled against the system's liburcu: neither
// captures the other's calls.
#include "tests/rcu/urcu/beside.h"

#include "tests/rcu/urcu/check.h"

static void each_for_itself(const struct library* one, const struct library* other) {
  one->lock();
  CHECK(one->ongoing() && !other->ongoing());
  other->synchronize();
  CHECK(other->calls_back());
  one->unlock();
  one->synchronize();
}

static void ours_beside_theirs(void) { each_for_itself(&ours, &theirs); }
static void theirs_beside_ours(void) { each_for_itself(&theirs, &ours); }

int main(void) {
  ours.register_thread();
  theirs.register_thread();
  RUN(ours_beside_theirs);
  RUN(theirs_beside_ours);
  theirs.unregister_thread();
  ours.unregister_thread();
  return finish();
}
