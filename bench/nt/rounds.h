// The rounds that two threads make with something to wait for, whosever it is.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "bench/nt/duet.h"

namespace bench {

// Ends the program if a call has not done what it was made for.
inline void require(bool done, const char* what) {
  if (done) [[likely]] {
    return;
  }
  std::fprintf(stderr, "bench: %s has failed\n", what);
  std::exit(1);
}

// Event: set() lets one wait() through, now or later.
template <class Event>
class zigzag {
 public:
  static void first(std::uint64_t rounds) {
    for (; rounds != 0; --rounds) {
      there().set();
      here().wait();
    }
  }
  static void second(std::uint64_t rounds) {
    for (; rounds != 0; --rounds) {
      there().wait();
      here().set();
    }
  }
  static constexpr duet_row row(const char* name, duet_scene scene) { return {name, scene, &first, &second}; }

 private:
  static Event& here() {
    static Event e;
    return e;
  }
  static Event& there() {
    static Event e;
    return e;
  }
};

// Lock: acquire(), release(). What it guards is a number beside it, as with most locks.
template <class Lock>
class contest {
 public:
  static void batch(std::uint64_t operations) {
    static guarded g;
    for (; operations != 0; --operations) {
      g.lock.acquire();
      ++g.number;
      g.lock.release();
    }
  }
  static constexpr duet_row row(const char* name, duet_scene scene) { return {name, scene, &batch, nullptr}; }

 private:
  struct guarded {
    Lock lock{};
    alignas(128) std::uint64_t number = 0;
  };
};

}  // namespace bench
