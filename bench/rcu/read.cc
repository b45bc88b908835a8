// What a read-side section costs: {enter; load the pointer; add what it points to; leave}, back to back.
//
// One loop for each row, all of one shape, each in four places. The same source is built a second time with the barrier
// pinned. The rivals that are liburcu's are in read_liburcu.c, as C.
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>

#include "bench/support/places.h"
#include "bench/support/program.h"
#include "weir/barrier/barrier.h"
#include "weir/rcu/domain.h"

namespace {

// Nothing that is read shares a line with anything that is written.
struct alignas(weir::port::line) object {
  std::uint64_t value = 1;
};
constinit object shown;

struct alignas(weir::port::line) pointer {
  std::atomic<object*> to{&shown};
};
constinit pointer source;

alignas(weir::port::line) std::shared_mutex source_mutex;

thread_local constinit volatile std::uint64_t sink = 0;  // keeps the sum, and with it the loads, alive

// [source] Acquire, as a reader must. Nobody stores while it is measured.
WEIR_INLINE std::uint64_t value() { return source.to.load(std::memory_order_acquire)->value; }

BENCH_LOOP(plain_load, sink, sum += value())

BENCH_LOOP(reader, sink, {
  const weir::rcu::reader section;
  sum += value();
})

BENCH_LOOP(reader_nested, sink, {
  const weir::rcu::reader outer;
  const weir::rcu::reader inner;
  sum += value();
})

BENCH_LOOP(lock_unlock, sink, {
  weir::rcu::default_domain().lock();
  sum += value();
  weir::rcu::default_domain().unlock();
})

BENCH_LOOP(shared_mutex, sink, {
  const std::shared_lock section(source_mutex);
  sum += value();
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
      {"reader", bench_alone, &reader},
      {"reader_nested", bench_alone, &reader_nested},
      {"lock_unlock", bench_alone, &lock_unlock},
      {"shared_mutex", bench_alone, &shared_mutex},
      {"atomic_shared_ptr", bench_alone, atomic_shared_ptr},
      {"plain_load_2t", bench_pair, &plain_load},
      {"reader_2t", bench_pair, &reader},
      {"reader_nested_2t", bench_pair, &reader_nested},
      {"lock_unlock_2t", bench_pair, &lock_unlock},
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
