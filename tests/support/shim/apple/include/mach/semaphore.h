// The part of <mach/semaphore.h> that Weir uses, on Linux.
#pragma once

#include <mach/mach.h>

typedef int clock_res_t;
typedef struct mach_timespec {
  unsigned int tv_sec;
  clock_res_t tv_nsec;
} mach_timespec_t;

#ifdef __cplusplus
extern "C" {
#endif

kern_return_t semaphore_signal(semaphore_t semaphore);
kern_return_t semaphore_wait(semaphore_t semaphore);
kern_return_t semaphore_timedwait(semaphore_t semaphore, mach_timespec_t time);

#ifdef __cplusplus
}
#endif
