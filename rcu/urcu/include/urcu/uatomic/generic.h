#error "<urcu/uatomic/generic.h> is not offered by Weir: include <urcu/uatomic.h>, which is for all processors"
