// What a section of the quiescent-state flavour costs: nothing, but for the quiescent state that its thread announces
// now and then; here once in a thousand reads.
#include <atomic>
#include <cstdint>

#include "bench/support/places.h"
#include "bench/support/program.h"
#include "weir/barrier/barrier.h"
#include "weir/rcu/qsbr.h"

namespace {

// Nothing that is read shares a line with anything that is written.
struct alignas(weir::port::line) object {
  std::uint64_t value = 1;
};
constinit object shown;

struct alignas(weir::port::line) pointer {
  std::atomic<object*> to{&shown};
};
constinit pointer source;

constinit weir::rcu::qsbr_domain domain;

thread_local constinit volatile std::uint64_t sink = 0;  // keeps the sum, and with it the loads, alive

// Acquire, as a reader must. Nobody stores while it is measured.
BENCH_PLACES(read, sink, sum += source.to.load(std::memory_order_acquire)->value)

void qsbr_reader(std::uint64_t operations) {
  constexpr std::uint64_t between = 1000;  // reads between two quiescent states
  domain.online();
  for (auto* const reads : read_places) {
    for (std::uint64_t done = 0; done < operations / 4; done += between) {
      reads(between);
      domain.quiescent();
    }
  }
  domain.offline();
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr bench_row rows[] = {
      {"qsbr_reader", bench_alone, &qsbr_reader},
      {"qsbr_reader_2t", bench_pair, &qsbr_reader},
      {nullptr, bench_alone, nullptr},
  };
  static constexpr bench_program program = {
      .rows = rows,
      .prepare = nullptr,
      .strategy = [] { return weir::barrier::name(weir::barrier::active()).data(); },
      .reason = [] { return weir::barrier::describe(); },
      .take = nullptr,
  };
  return bench_main(&program, argc, argv);
}
