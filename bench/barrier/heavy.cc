// What heavy() costs, by who else is there.
#include <cstdint>

#include "bench/support/program.h"
#include "weir/barrier/barrier.h"

namespace {

void heavy(std::uint64_t operations) {
  for (std::uint64_t i = 0; i < operations; ++i) weir::barrier::heavy();
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr bench_row rows[] = {
      {"alone", bench_alone, &heavy}, {"asleep", bench_asleep, &heavy}, {"spinning", bench_spinning, &heavy},
      {"crowd", bench_crowd, &heavy}, {nullptr, bench_alone, nullptr},
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
