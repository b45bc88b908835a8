// Gates: a test holds threads at a place of its choice, knows when they are there, and lets them go.
//
// No test sleeps "to make sure". A schedule is built of gates; what cannot be gated (a thread deep in the code under
// test) is polled by eventually(), which gives up in the end and makes the test fail instead of hang.
//
//     gate inside;                                   // thread A: inside.pass();  it stops here
//     REQUIRE(inside.await(1));                      // main: A has arrived
//     ... what must happen while A is held ...
//     inside.open();                                 // A, and whoever comes later, goes on
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace weir::test {

// Longer than any machine needs, so that only a hang reaches it; and a third of what Bazel gives a small test (60
// seconds; under valgrind 300), so that the test itself still says what hangs.
[[nodiscard]] std::chrono::seconds deadline();

class gate {
 public:
  // Arrives, and waits until the gate is open.
  void pass();

  // Waits until `n` threads have arrived in all. False: they have not within the deadline.
  [[nodiscard]] bool await(int n);

  void open();

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

// Polls until `condition` holds. False: it does not within the deadline.
template <class Condition>
[[nodiscard]] bool eventually(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + deadline();
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace weir::test
