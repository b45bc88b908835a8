// A reader and a writer with Weir, in the default domain: see mixed.h.
#include <atomic>
#include <cstdint>

#include "bench/support/mixed.h"
#include "weir/barrier/port.h"
#include "weir/rcu/domain.h"
#include "weir/rcu/retire.h"

namespace {

struct alignas(weir::port::line) pointer {
  std::atomic<std::uint64_t*> to{bench_node()};
};
pointer source;

alignas(weir::port::line) volatile std::uint64_t sink;

void read(std::uint64_t operations) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < operations; ++i) {
    const weir::rcu::reader section;
    sum += source.to.load(std::memory_order_acquire)[bench_node_words - 1];  // [source]
  }
  sink = sum;
}

// [source] Release: what the node holds; acquire: what is retired was the writer's before.
std::uint64_t* exchange() { return source.to.exchange(bench_node(), std::memory_order_acq_rel); }

void update(std::uint64_t operations) {
  for (std::uint64_t i = 0; i < operations; ++i) {
    weir::rcu::retire(exchange(), [](std::uint64_t* node) { bench_free(node); });
  }
  bench_retired(operations);
}

void update_exactly(std::uint64_t operations) {
  for (std::uint64_t i = 0; i < operations; ++i) {
    weir::rcu::retire(exchange(), [](std::uint64_t* node) { bench_free_exactly(node); });
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
      .barrier = [] { weir::rcu::default_domain().barrier(); },
  };
  return mixed_main(&peer, argc, argv);
}
