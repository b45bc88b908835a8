#error "<urcu/wfqueue.h> is not offered by Weir: there is <urcu/wfcqueue.h>"
