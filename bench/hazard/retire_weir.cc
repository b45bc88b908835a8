// Retiring with Weir, in the default domain and in one with a larger threshold: see bench/support/retire.h.
#include <algorithm>
#include <cstdint>

#include "bench/support/retire.h"
#include "weir/hazard/domain.h"
#include "weir/hazard/retire.h"

namespace {

using weir::hazard::domain;

static_assert(weir::hazard::options().threshold == 4096, "room.py says so");
constinit domain large(weir::hazard::options{.threshold = 8192});

// Whether deleters write to the object, as most do.
enum class deleter { counts, writes };

template <deleter How>
void reclaim(bench_object* o) {
  if constexpr (How == deleter::writes) bench_write(o);
  bench_reclaimed();
}

template <domain& (*In)(), deleter How>
void retire(bench_object* objects, std::uint64_t count) {
  for (std::uint64_t done = 0; done < count;) {
    const std::uint64_t some = std::min<std::uint64_t>(count - done, bench_at_a_time);
    for (std::uint64_t i = 0; i < some; ++i) {
      weir::hazard::retire(
          &objects[done + i], [](bench_object* o) { reclaim<How>(o); }, In());
    }
    bench_retired(some);
    done += some;
  }
}

template <domain& (*In)()>
void retire_exactly(bench_object* objects, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    weir::hazard::retire(
        &objects[i], [](bench_object*) { bench_reclaimed_exactly(); }, In());
    bench_retired_exactly();
  }
}

template <domain& (*In)(), deleter How = deleter::counts>
constexpr retire_peer peer_in = {
    .arrive = [] {},
    .depart = [] {},
    .retire = &retire<In, How>,
    .retire_exactly = &retire_exactly<In>,
    .barrier = [] { In().clean_up(); },
};

domain& in_default() { return weir::hazard::default_domain(); }
domain& in_large() { return large; }

}  // namespace

int main(int argc, char** argv) {
  static constexpr retire_row rows[] = {
      {"1t", 1, &peer_in<&in_default>},
      {"2t", 2, &peer_in<&in_default>},
      {"2t_8192", 2, &peer_in<&in_large>},
      {"1t_written", 1, &peer_in<&in_default, deleter::writes>},
      {"2t_written", 2, &peer_in<&in_default, deleter::writes>},
      {nullptr, 0, nullptr},
  };
  return retire_main(rows, argc, argv);
}
