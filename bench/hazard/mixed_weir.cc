// A reader and a writer with Weir, in the default domain: see bench/support/mixed.h.
#include <atomic>
#include <cstdint>

#include "bench/support/mixed.h"
#include "weir/barrier/port.h"
#include "weir/hazard/pointer.h"
#include "weir/hazard/retire.h"

namespace {

struct alignas(weir::port::line) pointer {
  std::atomic<std::uint64_t*> to{bench_node()};
};
pointer source;

alignas(weir::port::line) volatile std::uint64_t sink;

void read(std::uint64_t operations) {
  weir::hazard::pointer h = weir::hazard::make_pointer();
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < operations; ++i) {
    sum += h.protect(source.to)[bench_node_words - 1];
    h.reset_protection();
  }
  sink = sum;
}

// [source] Release: what the node holds; acquire: what is retired was the writer's before.
std::uint64_t* exchange() { return source.to.exchange(bench_node(), std::memory_order_acq_rel); }

void update(std::uint64_t operations) {
  for (std::uint64_t i = 0; i < operations; ++i) {
    weir::hazard::retire(exchange(), [](std::uint64_t* node) { bench_free(node); });
  }
  bench_retired(operations);
}

void update_exactly(std::uint64_t operations) {
  for (std::uint64_t i = 0; i < operations; ++i) {
    weir::hazard::retire(exchange(), [](std::uint64_t* node) { bench_free_exactly(node); });
    bench_retired_exactly();
  }
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr mixed_peer peer = {
      .arrive = [] {},
      .depart = [] {},
      .read = &read,
      .update = &update,
      .update_exactly = &update_exactly,
      .barrier = [] { weir::hazard::default_domain().clean_up(); },
  };
  return mixed_main(&peer, argc, argv);
}
