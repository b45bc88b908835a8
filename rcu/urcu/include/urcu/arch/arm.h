#error "<urcu/arch/arm.h> is not offered by Weir: include <urcu/arch.h>, which is for all processors"
