// What nobody can go below: an exchange to take and one to give; and hand-overs by futex(2), with nothing around it.
#include <atomic>
#include <cstdint>

#include "bench/nt/futex.h"
#include "bench/nt/rounds.h"
#include "bench/support/places.h"
#include "weir/barrier/port.h"

namespace {

thread_local constinit volatile std::uint64_t sink = 0;  // keeps the sum alive

struct alignas(weir::port::line) word {
  std::atomic<std::uint64_t> of{0};
};
constinit word shared;

// Whoever exchanges a word has looked at it before, since others may have changed it.
BENCH_LOOP(cas_pair, sink, {
  std::uint64_t seen = shared.of.load(std::memory_order_relaxed);
  sum += shared.of.compare_exchange_strong(seen, seen | 1, std::memory_order_acq_rel, std::memory_order_relaxed);
  seen = shared.of.load(std::memory_order_relaxed);
  sum += shared.of.compare_exchange_strong(seen, seen & ~std::uint64_t{1}, std::memory_order_acq_rel,
                                           std::memory_order_relaxed);
})

// `Pauses`: how long it looks before it goes to sleep. One of them means no more than that the word is looked at again.
template <std::uint32_t Pauses>
class raw {
 public:
  void set() {
    word_.store(1, std::memory_order_release);
    bench::futex_wake<bench::futex_kind::process>(word_, 1);
  }
  void wait() {
    for (std::uint32_t left = Pauses;;) {
      std::uint32_t one = 1;
      if (word_.load(std::memory_order_relaxed) == 1 &&
          word_.compare_exchange_strong(one, 0, std::memory_order_acquire, std::memory_order_relaxed)) {
        return;
      }
      if (left != 0) {
        --left;
        weir::port::relax();
      } else {
        bench::futex_wait<bench::futex_kind::process>(word_, 0);
      }
    }
  }

 private:
  alignas(weir::port::line) bench::futex_word word_{0};
};

}  // namespace

int main(int argc, char** argv) {
  static constexpr duet_row rows[] = {
      {"cas_pair", duet_alone, &cas_pair, nullptr},
      bench::zigzag<raw<0>>::row("futex_handover_1core", duet_one_core),
      bench::zigzag<raw<0>>::row("futex_handover_2core", duet_two_cores),
      bench::zigzag<raw<2000>>::row("futex_spin_handover_2core", duet_two_cores),
      {nullptr, duet_alone, nullptr, nullptr},
  };
  static constexpr duet_program program = {
      .rows = rows,
      .prepare = nullptr,
      .strategy = nullptr,
      .reason = nullptr,
  };
  return duet_main(&program, argc, argv);
}
