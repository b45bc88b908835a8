#error "<urcu/arch/m68k.h> is not offered by Weir: include <urcu/arch.h>, which is for all processors"
