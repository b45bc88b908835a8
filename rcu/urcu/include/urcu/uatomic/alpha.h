#error "<urcu/uatomic/alpha.h> is not offered by Weir: include <urcu/uatomic.h>, which is for all processors"
