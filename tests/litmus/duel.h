// Store buffering on two CPUs, many times over: reader  X = 1; barrier; r1 = Y   writer  Y = 1; barrier; r2 = X.
//
// r1 = r2 = 0 is a violation: neither has seen the other. Each iteration has lines X and Y of its own, which both sides
// have read beforehand (their loads are quick, their stores are not), and a planned moment in the near future at which
// both leave their waits; what each saw is compared when both are through with the whole batch.
#pragma once

#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "tests/litmus/arena.h"
#include "tests/litmus/machine.h"
#include "tests/litmus/program.h"
#include "tests/litmus/random.h"
#include "tests/litmus/side.h"
#include "tests/litmus/tally.h"
#include "weir/barrier/shared.h"

namespace litmus {

// The writer is the calling thread; the reader is a thread or a forked process, and lives as long as this.
class duel {
 public:
  // Pins the caller and the reader. Throws std::runtime_error if that is refused, or the shared barrier is.
  duel(partner kind, int writer_cpu, int reader_cpu);
  ~duel();
  duel(const duel&) = delete;
  duel& operator=(const duel&) = delete;

  // Runs one batch and adds what was seen.
  void run(const program& p, const setting& s, counts& into);

  // Runs batches for so long.
  [[nodiscard]] counts run_for(const program& p, const setting& s, double seconds);

  // The barrier across processes, which has been joined if the partner is one.
  [[nodiscard]] const weir::barrier::shared::member& shared_barrier() const { return member_; }

 private:
  void write(const program& p, const setting& s);
  template <class Barrier>
  void write(const setting& s, const Barrier& barrier);
  template <bool HoldBack, class Barrier>
  void write(const setting& s, const Barrier& barrier);

  arena& arena_;
  std::uint32_t order_ = 0;
  std::uint64_t number_ = 0;
  std::vector<answer> answers_;
  cold_lines cold_;
  random random_{0x2545f4914f6cdd1d};
  weir::barrier::shared::member member_;
  std::optional<child> process_;
  std::thread thread_;
};

}  // namespace litmus
