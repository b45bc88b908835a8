#error "<urcu/uatomic/sparc64.h> is not offered by Weir: include <urcu/uatomic.h>, which is for all processors"
