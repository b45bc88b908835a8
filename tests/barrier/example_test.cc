// The examples of the public headers, compiled and run.
#include <atomic>
#include <thread>

#include "tests/support/catch.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/std26.h"

namespace {

// barrier.h: Dekker's shape. At least one of the two sees the other's store.
TEST_CASE("barrier.h: of two who announce and look, at least one sees the other") {
  constexpr int rounds = 2'000;
  constexpr int open = 0;
  constexpr int closed = 1;
  int neither = 0;
  for (int i = 0; i < rounds; ++i) {
    std::atomic<bool> busy{false};
    std::atomic<int> gate{open};
    bool reader_saw = false;
    std::thread reader([&] {
      busy.store(true, std::memory_order_relaxed);
      weir::barrier::light();
      reader_saw = gate.load(std::memory_order_relaxed) == closed;
    });
    gate.store(closed, std::memory_order_relaxed);
    weir::barrier::heavy();
    const bool writer_saw = busy.load(std::memory_order_relaxed);
    reader.join();
    neither += !reader_saw && !writer_saw;
  }
  CHECK(neither == 0);
}

TEST_CASE("std26.h: the names of P1202 are light() and heavy()") {
  const std::uint64_t before = weir::barrier::system_barriers();
  weir::std26::asymmetric_thread_fence_light(std::memory_order_seq_cst);
  weir::std26::asymmetric_thread_fence_heavy(std::memory_order_relaxed);
  CHECK(weir::barrier::system_barriers() == before);
  weir::std26::asymmetric_thread_fence_heavy(std::memory_order_seq_cst);
  const bool by_system = weir::barrier::active() != weir::barrier::strategy::fence;
  CHECK(weir::barrier::system_barriers() == before + (by_system ? 1 : 0));
}

}  // namespace
