// The flavour of liburcu's interface that a program is built for (BUILD says which); memb is the library's own default.
// Whether sections are inlined (_LGPL_SOURCE), and whose headers these are, is the build's business, too: the very same
// programs measure Weir's own C layer.
#pragma once

#if defined(BENCH_QSBR)
#include <urcu-qsbr.h>
#elif defined(BENCH_BP)
#include <urcu-bp.h>
#else
#include <urcu.h>
#endif
