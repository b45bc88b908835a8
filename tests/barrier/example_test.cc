// The examples of the public headers, compiled and run.
#include <atomic>
#include <system_error>
#include <thread>

#include "tests/support/catch.h"
#include "weir/barrier/barrier.h"
#include "weir/barrier/shared.h"
#include "weir/barrier/std26.h"

namespace {

constexpr int open = 0;
constexpr int closed = 1;

// Dekker's shape. How often none of the two sees the other's store.
template <class Light, class Heavy>
int neither_saw(Light light, Heavy heavy) {
  constexpr int rounds = 2'000;
  int neither = 0;
  for (int i = 0; i < rounds; ++i) {
    std::atomic<bool> busy{false};
    std::atomic<int> gate{open};
    bool reader_saw = false;
    std::thread reader([&] {
      busy.store(true, std::memory_order_relaxed);
      light();
      reader_saw = gate.load(std::memory_order_relaxed) == closed;
    });
    gate.store(closed, std::memory_order_relaxed);
    heavy();
    const bool writer_saw = busy.load(std::memory_order_relaxed);
    reader.join();
    neither += !reader_saw && !writer_saw;
  }
  return neither;
}

TEST_CASE("barrier.h: of two who announce and look, at least one sees the other") {
  CHECK(neither_saw([] { weir::barrier::light(); }, [] { weir::barrier::heavy(); }) == 0);
}

TEST_CASE("std26.h: the same by the names of P1202") {
  CHECK(neither_saw([] { weir::std26::asymmetric_thread_fence_light(std::memory_order_seq_cst); },
                    [] { weir::std26::asymmetric_thread_fence_heavy(std::memory_order_seq_cst); }) == 0);
}

struct segment {
  weir::barrier::shared::header barrier;
  std::atomic<int> busy, gate;
};

std::error_code read(segment* s, bool& saw) {
  weir::barrier::shared::member m;
  if (const std::error_code e = m.join(s->barrier)) return e;
  s->busy.store(1, std::memory_order_relaxed);
  m.light();
  saw = s->gate.load(std::memory_order_relaxed) == closed;
  return {};
}

std::error_code write(segment* s, bool& saw) {
  weir::barrier::shared::member m;
  if (const std::error_code e = m.join(s->barrier)) return e;
  s->gate.store(closed, std::memory_order_relaxed);
  m.heavy();
  saw = s->busy.load(std::memory_order_relaxed) != 0;
  return {};
}

TEST_CASE("shared.h: members of one header, one after the other") {
  static segment memory{};
  bool reader_saw = false;
  bool writer_saw = false;
  CHECK(!read(&memory, reader_saw));
  CHECK(!write(&memory, writer_saw));
  CHECK(!reader_saw);
  CHECK(writer_saw);
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
