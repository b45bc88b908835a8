// POSIX's mutex that is told of its owner's end, as a mutant is: robust, and for what one thread does alone, recursive.
#include <cstdint>
#include <pthread.h>

#include "bench/nt/rounds.h"
#include "bench/support/places.h"

namespace {

thread_local constinit volatile std::uint64_t sink = 0;

template <int Type>
class mutex {
 public:
  mutex() {
    pthread_mutexattr_t how;
    bool made = ::pthread_mutexattr_init(&how) == 0;
    made = made && ::pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST) == 0;
    made = made && ::pthread_mutexattr_settype(&how, Type) == 0;
    made = made && ::pthread_mutex_init(&of_, &how) == 0;
    bench::require(made, "making a mutex");
    ::pthread_mutexattr_destroy(&how);
  }
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;
  ~mutex() { ::pthread_mutex_destroy(&of_); }

  void acquire() { bench::require(::pthread_mutex_lock(&of_) == 0, "locking a mutex"); }
  void release() { bench::require(::pthread_mutex_unlock(&of_) == 0, "unlocking a mutex"); }

 private:
  alignas(128) pthread_mutex_t of_;
};

BENCH_LOOP_AFTER(uncontended, sink, static mutex<PTHREAD_MUTEX_RECURSIVE> m, {
  m.acquire();
  m.release();
  ++sum;
})

}  // namespace

int main(int argc, char** argv) {
  using lock = mutex<PTHREAD_MUTEX_NORMAL>;
  static constexpr duet_row rows[] = {
      {"mutant_uncontended", duet_alone, &uncontended, nullptr},
      bench::contest<lock>::row("contended_2core", duet_lock),
      bench::contest<lock>::row("contended_10m", duet_lock_anyhow),
      {nullptr, duet_alone, nullptr, nullptr},
  };
  static constexpr duet_program program = {
      .rows = rows,
      .prepare = nullptr,
      .strategy = nullptr,
      .reason = nullptr,
  };
  return duet_main(&program, argc, argv);
}
