// What protecting an object costs its reader: {protect; add what it points to; let go}, back to back.
//
// One loop for each row, all of one shape, each in four places. The rival that is ck's is in read_ck.c, as C.
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "bench/support/places.h"
#include "bench/support/program.h"
#include "weir/barrier/barrier.h"
#include "weir/hazard/array.h"
#include "weir/hazard/local.h"
#include "weir/hazard/pointer.h"

namespace {

namespace hazard = weir::hazard;

// Nothing that is read shares a line with anything that is written.
struct alignas(weir::port::line) object {
  std::uint64_t value = 1;
};
constinit object shown;

struct alignas(weir::port::line) pointer {
  std::atomic<object*> to{&shown};
};
constinit pointer source;
constinit pointer second_source;
constinit pointer third_source;

alignas(weir::port::line) std::shared_mutex source_mutex;

thread_local constinit volatile std::uint64_t sink = 0;  // keeps the sum, and with it the loads, alive

// A word that only this thread writes.
struct alignas(weir::port::line) word {
  std::atomic<std::uint64_t> of{0};
};
thread_local constinit word own_word;

// [source] Acquire, as a reader must. Nobody stores while it is measured.
WEIR_INLINE std::uint64_t value(const pointer& p) { return p.to.load(std::memory_order_acquire)->value; }

BENCH_LOOP(plain_load, sink, sum += value(source))

BENCH_LOOP(three_plain_loads, sink, {
  sum += value(source);
  sum += value(second_source);
  sum += value(third_source);
})

BENCH_LOOP(cas, sink, {
  std::uint64_t seen = own_word.of.load(std::memory_order_relaxed);  // our own
  own_word.of.compare_exchange_strong(seen, seen + 1, std::memory_order_relaxed);
  sum += seen;
})

BENCH_LOOP_AFTER(protect_reused, sink, hazard::pointer h = hazard::make_pointer(), {
  sum += h.protect(source.to)->value;
  h.reset_protection();
})

BENCH_LOOP(protect_new, sink, {
  hazard::pointer h = hazard::make_pointer();
  sum += h.protect(source.to)->value;
})

BENCH_LOOP(protect_local, sink, {
  const hazard::local top(source.to);
  sum += top->value;
})

BENCH_LOOP(array_3, sink, {
  hazard::array<3> h = hazard::make_array<3>();
  sum += h[0].protect(source.to)->value;
  sum += h[1].protect(second_source.to)->value;
  sum += h[2].protect(third_source.to)->value;
})

BENCH_LOOP(shared_mutex, sink, {
  const std::shared_lock section(source_mutex);
  sum += value(source);
})

// Not every C++20 library has it.
#ifdef __cpp_lib_atomic_shared_ptr
struct alignas(weir::port::line) shared_pointer {
  std::atomic<std::shared_ptr<object>> to{std::make_shared<object>()};
};
shared_pointer shared_source;
BENCH_LOOP(load_shared_ptr, sink, sum += shared_source.to.load(std::memory_order_acquire)->value)  // [source]
constexpr bench_batch* atomic_shared_ptr = &load_shared_ptr;
#else
constexpr bench_batch* atomic_shared_ptr = nullptr;
#endif

}  // namespace

int main(int argc, char** argv) {
  static constexpr bench_row rows[] = {
      {"plain_load", bench_alone, &plain_load},
      {"plain_load_3", bench_alone, &three_plain_loads},
      {"cas", bench_alone, &cas},
      {"protect_reused", bench_alone, &protect_reused},
      {"protect_new", bench_alone, &protect_new},
      {"protect_local", bench_alone, &protect_local},
      {"array_3", bench_alone, &array_3},
      {"shared_mutex", bench_alone, &shared_mutex},
      {"atomic_shared_ptr", bench_alone, atomic_shared_ptr},
      {"plain_load_2t", bench_pair, &plain_load},
      {"plain_load_3_2t", bench_pair, &three_plain_loads},
      {"cas_2t", bench_pair, &cas},
      {"protect_reused_2t", bench_pair, &protect_reused},
      {"protect_new_2t", bench_pair, &protect_new},
      {"protect_local_2t", bench_pair, &protect_local},
      {"array_3_2t", bench_pair, &array_3},
      {"shared_mutex_2t", bench_pair, &shared_mutex},
      {"atomic_shared_ptr_2t", bench_pair, atomic_shared_ptr},
      {nullptr, bench_alone, nullptr},
  };
  static constexpr bench_program program = {
      .rows = rows,
      .prepare = nullptr,
      .strategy = [] { return weir::barrier::name(weir::barrier::active()).data(); },
      .reason = [] { return weir::barrier::describe(); },
      .take = nullptr,
  };
  return bench_main(&program, argc, argv);
}
