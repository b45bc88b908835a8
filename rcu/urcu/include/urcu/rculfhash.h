#error "<urcu/rculfhash.h> is not offered by Weir; use another hash table under RCU, as the list forms show it"
