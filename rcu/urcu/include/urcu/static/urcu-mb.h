#error "<urcu/static/urcu-mb.h> is the inside of another library; define _LGPL_SOURCE for inlined functions"
