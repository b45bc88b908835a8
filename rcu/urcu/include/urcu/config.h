// How the library was configured, as far as programs ask.
#ifndef WEIR_URCU_CONFIG_H
#define WEIR_URCU_CONFIG_H

#define CONFIG_RCU_SMP 1
#define CONFIG_RCU_HAVE_FENCE 1
#define CONFIG_RCU_TLS __thread
#define CONFIG_RCU_USE_ATOMIC_BUILTINS 1

#endif
