// Variables of a thread: extern DECLARE_URCU_TLS(int, x); in a header, DEFINE_URCU_TLS(int, x); in one file,
// URCU_TLS(x) for use.
#ifndef WEIR_URCU_TLS_COMPAT_H
#define WEIR_URCU_TLS_COMPAT_H

#include <urcu/compiler.h>
#include <urcu/config.h>

#define URCU_TLS_STORAGE_CLASS __thread
#define DECLARE_URCU_TLS(type, name) __thread type name
#define DEFINE_URCU_TLS(type, name) __thread type name
#define URCU_TLS(name) (name)

#endif
