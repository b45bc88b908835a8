#error "<urcu/lfstack.h> is not offered by Weir: there is <urcu/wfstack.h>"
