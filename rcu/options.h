// How a domain reclaims what is retired in it.
#pragma once

#include <chrono>
#include <cstddef>

namespace weir::rcu {

// Who runs deleters.
enum class reclaimer : unsigned char {
  background,  // a thread of the domain's own, which starts at the first retire()
  in_place,    // whoever retires, once enough has come together
  executor,    // options::execute
  by_hand,     // whoever calls poll_ready() or barrier()
};

struct options {
  reclaimer by = reclaimer::background;

  // The most objects that may be unreclaimed at once before retire() helps, and then waits. 0: 8,192, or 1,024 for each
  // processor where that is more. From 7/16 of it on, reclaiming begins.
  std::size_t limit = 0;

  // How long one retire() may wait over the limit, at most. After that the limit is exceeded, and counted. retire()
  // never waits inside a section of any domain, nor in a deleter: then the limit is exceeded at once.
  std::chrono::nanoseconds max_wait = std::chrono::milliseconds(10);

  // Whether retire() and barrier() may run deleters on the calling thread, where a thread or an executor is there for
  // it: over the limit, never inside a section. Deleters of a domain with help run under whatever locks its callers
  // hold.
  bool help = true;

  // How long an object waits, about, for others to be retired (reclaimer::background). Up to eight times as long where
  // there was nothing to reclaim the last few times.
  std::chrono::milliseconds linger{100};

  // For reclaimer::executor: calls work(argument) once, on some other thread, at some time; or refuses, false, and is
  // asked again. Called by retire() and barrier(): with whatever locks their callers hold. A domain's destructor waits
  // for all work that it has given away. In a child after fork() work of the parent's must not be begun. Must not
  // throw.
  bool (*execute)(void* context, void (*work)(void* argument), void* argument) = nullptr;
  void* context = nullptr;
};

}  // namespace weir::rcu
