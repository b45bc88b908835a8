// Linux: futex(2).
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <urcu/futex.h>

int weir_urcu_futex(int32_t* uaddr, int op, int32_t val, const timespec* timeout, int32_t* uaddr2, int32_t val3) {
  // The interface's futexes may lie in memory that processes share, so not FUTEX_PRIVATE_FLAG.
  return static_cast<int>(::syscall(SYS_futex, uaddr, op, val, timeout, uaddr2, val3));
}
