// Retiring with Weir, in the default domain: see retire.h.
#include <algorithm>
#include <cstdint>

#include "bench/support/retire.h"
#include "weir/rcu/domain.h"
#include "weir/rcu/retire.h"

namespace {

void retire(bench_object* objects, std::uint64_t count) {
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t some = std::min<std::uint64_t>(count - done, bench_at_a_time);
    for (std::uint64_t i = 0; i < some; ++i) {
      weir::rcu::retire(&objects[done + i], [](bench_object*) { bench_reclaimed(); });
    }
    bench_retired(some);
    done += some;
  }
}

void retire_exactly(bench_object* objects, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    weir::rcu::retire(&objects[i], [](bench_object*) { bench_reclaimed_exactly(); });
    bench_retired_exactly();
  }
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr retire_peer peer = {
      .arrive = [] {},
      .depart = [] {},
      .retire = &retire,
      .retire_exactly = &retire_exactly,
      .barrier = [] { weir::rcu::default_domain().barrier(); },
  };
  static constexpr retire_row rows[] = {{"1t", 1, &peer}, {"2t", 2, &peer}, {nullptr, 0, nullptr}};
  return retire_main(rows, argc, argv);
}
