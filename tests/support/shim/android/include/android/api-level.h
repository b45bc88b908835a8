#pragma once

#ifdef __cplusplus
extern "C"
#endif
    int
    android_get_device_api_level(void);
