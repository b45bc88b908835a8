// futex(2), for FUTEX_WAIT and FUTEX_WAKE; where the system has none, the same by looking again now and
// then.
#ifndef WEIR_URCU_FUTEX_H
#define WEIR_URCU_FUTEX_H

#include <stdint.h>
#include <time.h>

#ifndef FUTEX_WAIT
#define FUTEX_WAIT 0
#endif
#ifndef FUTEX_WAKE
#define FUTEX_WAKE 1
#endif

#ifdef __cplusplus
extern "C" {
#endif

// As futex(2): 0, the number of threads woken, or -1 and errno. Other operations are as the system has them;
// -1, ENOSYS where it has no futex.
// Thread-safe: yes. Signal-safe: FUTEX_WAKE is. Blocks: FUTEX_WAIT, until woken, `timeout` has passed or a signal came.
int weir_urcu_futex(int32_t* uaddr, int op, int32_t val, const struct timespec* timeout, int32_t* uaddr2, int32_t val3);

#ifdef __cplusplus
}
#endif

// The two differ where a system has no futex; here they are the same.
#define futex_noasync weir_urcu_futex
#define futex_async weir_urcu_futex
#define compat_futex_noasync weir_urcu_futex
#define compat_futex_async weir_urcu_futex

#endif
