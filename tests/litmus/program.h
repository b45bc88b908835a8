// The programs that a duel runs, and how it runs them.
#pragma once

#include <cstdint>

#include "tests/litmus/clock.h"

namespace litmus {

// What stands between a side's store and its load. shared_*: barrier/shared.h's, for a partner that is a process.
enum class reader_side : std::uint32_t { nothing, full, light, shared_light };
enum class writer_side : std::uint32_t { nothing, local_fence, delayed_fence, full, heavy, shared_heavy };

struct program {
  reader_side reader = reader_side::nothing;
  writer_side writer = writer_side::nothing;
  ticks delay = 0;  // of delayed_fence
};

// Whose store waits in its store buffer, behind stores to cold lines of a large array.
enum class held : std::uint32_t { none, reader, writer };

struct setting {
  held back = held::none;
  ticks phase = 0;   // the writer's start minus the reader's
  ticks jitter = 0;  // drawn anew for each iteration, from -jitter to jitter, and added to the phase
};

// What the reader is: the writer is the calling thread.
enum class partner : std::uint32_t { thread, process };

}  // namespace litmus
