#error "<urcu/static/pointer.h> is the inside of another library; define _LGPL_SOURCE for inlined functions"
