// POSIX's semaphores: sem_t, of this process.
#include <cerrno>
#include <cstdint>
#include <semaphore.h>

#include "bench/nt/rounds.h"
#include "bench/support/places.h"

namespace {

thread_local constinit volatile std::uint64_t sink = 0;

class semaphore {
 public:
  explicit semaphore(unsigned count = 0) { bench::require(::sem_init(&of_, 0, count) == 0, "sem_init()"); }
  semaphore(const semaphore&) = delete;
  semaphore& operator=(const semaphore&) = delete;
  ~semaphore() { ::sem_destroy(&of_); }

  void set() { bench::require(::sem_post(&of_) == 0, "sem_post()"); }
  void wait() {
    while (::sem_wait(&of_) != 0) bench::require(errno == EINTR, "sem_wait()");
  }

 private:
  alignas(128) sem_t of_;
};

class lock {
 public:
  void acquire() { of_.wait(); }
  void release() { of_.set(); }

 private:
  semaphore of_{1};
};

BENCH_LOOP_AFTER(uncontended_semaphore, sink, static lock s, {
  s.acquire();
  s.release();
  ++sum;
})

}  // namespace

int main(int argc, char** argv) {
  static constexpr duet_row rows[] = {
      {"semaphore_uncontended", duet_alone, &uncontended_semaphore, nullptr},
      bench::zigzag<semaphore>::row("handover_1core", duet_one_core),
      bench::zigzag<semaphore>::row("handover_2core", duet_two_cores),
      bench::zigzag<semaphore>::row("zigzag_2s", duet_anywhere),
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
