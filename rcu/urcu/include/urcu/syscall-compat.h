#error "<urcu/syscall-compat.h> is not offered by Weir: include <sys/syscall.h>"
