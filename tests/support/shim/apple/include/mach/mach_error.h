#pragma once

#include <mach/mach.h>

#ifdef __cplusplus
extern "C"
#endif
    char*
    mach_error_string(kern_return_t error);
