// The part of <sys/umtx.h> that Weir uses, on Linux. Names, types and values are FreeBSD's; those of clocks are
// Linux's.
#pragma once

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct _umtx_time {
  struct timespec _timeout;
  uint32_t _flags;
  uint32_t _clockid;
};

#define UMTX_ABSTIME 0x01

#define UMTX_OP_WAKE 3
#define UMTX_OP_WAIT_UINT 11
#define UMTX_OP_WAIT_UINT_PRIVATE 15
#define UMTX_OP_WAKE_PRIVATE 16

#ifdef __cplusplus
extern "C"
#endif
    int
    _umtx_op(void* object, int operation, u_long value, void* uaddr, void* uaddr2);
