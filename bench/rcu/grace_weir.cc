// Grace periods of Weir: see grace.h.
#include <atomic>
#include <cstdint>

#include "bench/rcu/grace.h"
#include "weir/rcu/domain.h"

namespace {

constinit std::uint64_t shown = 1;
constinit std::atomic<std::uint64_t*> source{&shown};
thread_local constinit volatile std::uint64_t sink = 0;

void read(std::uint64_t operations) {
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < operations; ++i) {
    const weir::rcu::reader section;
    sum += *source.load(std::memory_order_acquire);  // nobody stores
  }
  sink = sum;
}

void synchronize(std::uint64_t operations) {
  for (std::uint64_t i = 0; i < operations; ++i) weir::rcu::default_domain().synchronize();
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr grace_peer peer = {
      .arrive = [] { read(1); },
      .depart = [] {},
      .read = &read,
      .synchronize = &synchronize,
  };
  return grace_main(&peer, argc, argv);
}
