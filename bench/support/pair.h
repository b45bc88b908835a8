// Two threads that do the same at the same time, each on its CPU.
#pragma once

#include "bench/support/measure.h"

struct bench_sample bench_measure_pair(bench_batch* batch, const struct bench_setting* setting);
