#error "<urcu/uatomic/m68k.h> is not offered by Weir: include <urcu/uatomic.h>, which is for all processors"
