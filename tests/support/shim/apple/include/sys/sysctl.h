#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C"
#endif
    int
    sysctlbyname(const char* name, void* old, size_t* old_size, void* fresh, size_t fresh_size);
