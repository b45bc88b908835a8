// What the two sides share: plain memory, so that one of them may be another process. Starts as zeros.
#pragma once

#include <atomic>
#include <cstdint>

#include "tests/litmus/clock.h"
#include "tests/litmus/program.h"
#include "weir/barrier/port.h"
#include "weir/barrier/shared.h"

namespace litmus {

// The two variables of one iteration, each on a line of its own.
struct cell {
  alignas(weir::port::line) std::atomic<std::uint32_t> x;  // the reader's store
  alignas(weir::port::line) std::atomic<std::uint32_t> y;  // the writer's store
};

// What one side found in one iteration.
struct answer {
  bool saw;
  bool in_time;
};

inline constexpr int batch_size = 1024;  // iterations

struct arena {
  cell cells[batch_size];
  answer reader_answers[batch_size];  // written by the reader, read by the writer after [finished]

  // 1: the reader is bound to its CPU; -1: that was refused. Release and acquire: it is ready for orders.
  alignas(weir::port::line) std::atomic<int> pinned;

  // [order] The writer fills in the order and stores its number with release; the reader reads it with acquire.
  alignas(weir::port::line) std::atomic<std::uint32_t> order;
  reader_side reader;
  held back;

  // [ready] The reader has prepared iteration n (n counts from 1 and never restarts). Release and acquire.
  alignas(weir::port::line) std::atomic<std::uint64_t> ready;

  // [go] The moment at which the reader starts iteration n, and n. Release and acquire.
  alignas(weir::port::line) std::atomic<std::uint64_t> go;
  ticks start;

  // [finished] The reader has executed this order: its answers are complete, its stores long done. Release and acquire.
  alignas(weir::port::line) std::atomic<std::uint32_t> finished;

  weir::barrier::shared::header barrier;
};

// An order number that means: end.
inline constexpr std::uint32_t end_order = ~std::uint32_t{0};

}  // namespace litmus
