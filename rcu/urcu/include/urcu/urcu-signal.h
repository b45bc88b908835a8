#error "<urcu/urcu-signal.h> is not offered by Weir: Weir has no signal flavour; memb is as fast and takes no signal"
