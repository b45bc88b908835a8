// How a domain reclaims what is retired in it.
#pragma once

#include <cstddef>

namespace weir::hazard {

struct options {
  // Objects that a thread collects before it looks which of them can be reclaimed, or before it waits, up to twice as
  // many, for another thread's barrier; at least 256, and twice as many as pointers protected something the last time.
  // It bounds the memory: with a threshold of t, H pointers in use and T threads that retire, at most
  // T * (2 * t + 250) + H objects are unreclaimed (deleters that retire aside). Larger is faster: each look costs a
  // barrier, which interrupts every CPU on which a thread of the process runs.
  std::size_t threshold = 4096;

  // Who reclaims, if not the thread that has retired: calls work(argument) once, on some other thread, at some time; or
  // refuses, false, and is asked again. Called by retire() and clean_up(), with whatever locks their callers hold, by
  // work that was given away before, and at the end of threads, after their thread_local objects. A thread that has
  // retired twice the threshold meanwhile reclaims by itself. A domain's destructor waits for all work that it has
  // given away. In a child after fork() work of the parent's must not be begun. Must not throw.
  bool (*execute)(void* context, void (*work)(void* argument), void* argument) = nullptr;
  void* context = nullptr;
};

}  // namespace weir::hazard
