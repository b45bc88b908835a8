// As Apple's, this header has no extern "C": a C++ file that includes it as it is does not link.
#pragma once

#include <mach/mach.h>
#include <stddef.h>

kern_return_t thread_get_register_pointer_values(thread_t thread, uintptr_t* stack_pointer, size_t* length,
                                                 uintptr_t* values);
