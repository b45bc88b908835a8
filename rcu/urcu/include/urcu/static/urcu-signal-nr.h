#error "<urcu/static/urcu-signal-nr.h> is the inside of another library; define _LGPL_SOURCE for inlined functions"
