#error "<urcu/arch/generic.h> is not offered by Weir: include <urcu/arch.h>, which is for all processors"
