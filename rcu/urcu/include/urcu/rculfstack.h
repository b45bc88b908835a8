#error "<urcu/rculfstack.h> is not offered by Weir: there is <urcu/wfstack.h>"
