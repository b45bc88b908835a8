#error "<urcu/static/urcu.h> is the inside of another library; define _LGPL_SOURCE for inlined functions"
