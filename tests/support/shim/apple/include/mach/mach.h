// The part of <mach/mach.h> that Weir uses, on Linux. Names, types and values are Apple's.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int kern_return_t;
typedef unsigned int mach_port_t;
typedef mach_port_t task_t;
typedef mach_port_t thread_t;
typedef mach_port_t thread_act_t;
typedef thread_act_t* thread_act_array_t;
typedef unsigned int mach_msg_type_number_t;
typedef uintptr_t vm_address_t;
typedef uintptr_t vm_size_t;
typedef mach_port_t vm_map_t;
typedef mach_port_t semaphore_t;

#define MACH_PORT_NULL 0

#define KERN_SUCCESS 0
#define KERN_NO_SPACE 3
#define KERN_INVALID_ARGUMENT 4
#define KERN_FAILURE 5
#define KERN_RESOURCE_SHORTAGE 6
#define KERN_ABORTED 14
#define KERN_INVALID_NAME 15
#define KERN_INVALID_RIGHT 17
#define KERN_INVALID_VALUE 18
#define KERN_TERMINATED 37
#define KERN_OPERATION_TIMED_OUT 49
#define KERN_INSUFFICIENT_BUFFER_SIZE 52
#define MACH_SEND_INVALID_DEST 0x10000003

mach_port_t mach_task_self(void);
mach_port_t mach_thread_self(void);
kern_return_t task_threads(task_t target, thread_act_array_t* list, mach_msg_type_number_t* count);
kern_return_t mach_port_deallocate(task_t task, mach_port_t name);
kern_return_t vm_deallocate(vm_map_t task, vm_address_t address, vm_size_t size);
kern_return_t semaphore_create(task_t task, semaphore_t* semaphore, int policy, int value);
kern_return_t semaphore_destroy(task_t task, semaphore_t semaphore);

#ifdef __cplusplus
}
#endif
