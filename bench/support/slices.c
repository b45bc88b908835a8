#include "bench/support/slices.h"

#include <stdlib.h>

// What two clocks that are read one after the other may differ by. A break is longer: it has two context switches.
static const double tolerance_ns = 5000;

static int by_size(const void* a, const void* b) {
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

static double share(const struct bench_slice* s) { return (double)s->company / (double)s->wall; }

// What an unbroken slice has. It is less than 1 where the kernel does not count the time of an interrupt as the
// interrupted thread's (CONFIG_IRQ_TIME_ACCOUNTING).
double bench_usual_share(const struct bench_slice* slices, int count) {
  double shares[bench_most_slices];
  for (int i = 0; i < count; ++i) shares[i] = share(&slices[i]);
  qsort(shares, (size_t)count, sizeof shares[0], by_size);
  return shares[count / 2];
}

int bench_is_unbroken(const struct bench_slice* slice, double usual_share) {
  return (double)slice->company >= usual_share * (double)slice->wall - tolerance_ns;
}

struct bench_unbroken bench_keep_unbroken(const struct bench_slice* slices, int count) {
  const double usual = bench_usual_share(slices, count);
  double all = 0;
  double wall = 0;
  double operations = 0;
  double all_operations = 0;
  for (int i = 0; i < count; ++i) {
    const struct bench_slice* const s = &slices[i];
    all += (double)s->wall;
    all_operations += (double)s->operations;
    if (!bench_is_unbroken(s, usual)) continue;
    wall += (double)s->wall;
    operations += (double)s->operations;
  }
  if (usual < 0.5 || operations == 0) return (struct bench_unbroken){.ns = all / all_operations, .part = 0};
  return (struct bench_unbroken){.ns = wall / operations, .part = wall / all};
}
