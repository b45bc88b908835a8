// quiet [block]: makes every kind of call that need not block, many times, in a process that may make no system call;
// or one that blocks, which ends it. For quiet_test.cc.
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "weir/sync/nt/objects.h"

namespace {

using namespace weir::nt;
const weir::park::timeout now = weir::park::timeout::after({});

struct objects {
  event set = event::manual(true);
  event automatic = event::automatic();
  semaphore count = semaphore::make(1, 10);
  mutant lock = mutant::make();

  // Whether all was told that should be.
  bool use() {
    bool right = automatic.set() == 0 && wait(automatic) == status::wait_0;
    right = right && wait(lock) == status::wait_0 && wait(lock, now) == status::wait_0;
    right = right && lock.query().count == -1;
    right = right && lock.release() == status::success && lock.release() == status::success;
    right = right && wait(count) == status::wait_0 && count.release() == status::success && count.query() == 1;
    automatic.set();
    right = right && wait_all({&set, &automatic, &count, &lock}) == status::wait_0;
    right = right && count.release() == status::success && lock.release() == status::success;
    right = right && wait_any({&automatic, &set}) == wait_index(1);
    right = right && wait(automatic, now) == status::timeout && wait_all({&set, &automatic}, now) == status::timeout;
    right = right && automatic.pulse() == 0 && automatic.reset() == 0 && set.query() == 1;
    const event made = event::automatic(true);
    return right && made && wait(made) == status::wait_0;
  }
};

}  // namespace

int main(int count, char**) {
  objects all;
  bool right = all.use();  // what is made once, is made now
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) return 2;
  // From here on: read, write, exit; anything else is the end.
  for (int i = 0; i < 10'000; ++i) right = all.use() && right;
  if (count == 2) static_cast<void>(wait(all.automatic));
  syscall(SYS_exit, right ? 0 : 1);
}
