// Linux's, and a call of the BSDs (and Apple's systems).
#pragma once

#include_next <unistd.h>

#ifdef __cplusplus
extern "C"
#endif
    int
    issetugid(void);
