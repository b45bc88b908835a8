// The store-buffering property: of two who announce and look, at least one sees the other.
//
// Two threads, or two processes with the struct in shared memory, go through the same rounds:
//
//     reader:  x = i; light(); saw = (y == i)         writer:  y = i; heavy(); saw = (x == i)
//
// The oracle: never does neither see the other. The phase between the two is random, by seed, which perturbs the
// schedule and does not determine it. What it cannot show: a processor that happens to drain its store buffer in time
// looks just as well ordered (docs/testing.md). A side that waits in vain for the other, which has died, gives up.
#pragma once

#include <atomic>
#include <cstdint>
#include <random>
#include <thread>

#include "tests/support/gate.h"
#include "weir/barrier/port.h"

namespace weir::test {

class store_buffering {
 public:
  // False: the other side does not go on.
  template <class Light>
  [[nodiscard]] bool read(Light light, int rounds, unsigned seed) {
    std::minstd_rand random(seed);
    for (int i = 1; i <= rounds; ++i) {
      if (!until(go_, i)) return false;
      pass_time(random());
      x_.store(i, std::memory_order_relaxed);  // ordered by the barriers under test
      light();
      reader_saw_ = y_.load(std::memory_order_relaxed) == i;
      done_.store(i, std::memory_order_release);  // [sb-done] with reader_saw_
    }
    return true;
  }

  // The number of rounds in which neither saw the other, which must be 0. -1: the other side does not go on.
  template <class Heavy>
  [[nodiscard]] int write(Heavy heavy, int rounds, unsigned seed) {
    std::minstd_rand random(seed + 1);
    int neither = 0;
    for (int i = 1; i <= rounds; ++i) {
      go_.store(i, std::memory_order_release);  // [sb-go] what the last round left
      pass_time(random());
      y_.store(i, std::memory_order_relaxed);
      heavy();
      const bool writer_saw = x_.load(std::memory_order_relaxed) == i;
      if (!until(done_, i)) return -1;
      neither += !writer_saw && !reader_saw_;
    }
    return neither;
  }

  // Both sides, the reader in a thread of its own.
  template <class Light, class Heavy>
  [[nodiscard]] static int run(Light light, Heavy heavy, int rounds, unsigned seed) {
    store_buffering shared;
    bool read = false;
    std::thread reader([&] { read = shared.read(light, rounds, seed); });
    const int neither = shared.write(heavy, rounds, seed);
    reader.join();
    return read ? neither : -1;
  }

 private:
  static void pass_time(std::minstd_rand::result_type r) {
    for (std::minstd_rand::result_type n = r % 16; n-- > 0;) port::relax();
  }

  [[nodiscard]] static bool until(const std::atomic<int>& round, int i) {
    const auto there = [&] { return round.load(std::memory_order_acquire) == i; };  // [sb-go] and [sb-done]
    for (int n = 0; n < 1000; ++n) {
      if (there()) return true;
      port::relax();
    }
    return eventually(there);
  }

  alignas(port::line) std::atomic<int> x_{0};
  alignas(port::line) std::atomic<int> y_{0};
  alignas(port::line) std::atomic<int> go_{0};
  alignas(port::line) std::atomic<int> done_{0};
  bool reader_saw_ = false;
};

}  // namespace weir::test
