#error "<urcu/rculfqueue.h> is not offered by Weir: there is <urcu/wfcqueue.h>"
